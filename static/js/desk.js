// The reviewer's keys, the quiet countdown of "Undo", and a claim that comes with the first letter typed.
// Without this file every press is a button or a link on the page.
"use strict";

(() => {
  const typing = (place) => place.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const place = "countersign-keys";
  const toggle = document.querySelector("[data-keys-on]");
  let isOn = true;
  try { isOn = localStorage.getItem(place) !== "off"; } catch { /* private windows refuse; the keys are on */ }
  if (toggle) {
    toggle.checked = isOn;
    toggle.addEventListener("change", () => {
      isOn = toggle.checked;
      try { localStorage.setItem(place, isOn ? "on" : "off"); } catch { /* as above */ }
    });
  }

  // In the queue j and k go from row to row; on a post they go to the next one.
  const items = Array.from(document.querySelectorAll("[data-item]"));
  function step(by) {
    const link = document.querySelector(`[data-press="${by > 0 ? "j" : "k"}"]`);
    if (link) { link.click(); return true; }
    if (!items.length) return false;
    const at = items.indexOf(document.activeElement);
    const to = at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by;
    items[Math.min(Math.max(to, 0), items.length - 1)].focus();
    return true;
  }

  function open(key, field) {
    const details = document.querySelector(`details[data-key="${key}"]`);
    if (!details) return false;
    details.open = true;
    const target = details.querySelector(field);
    target.focus();
    if (target.setSelectionRange) target.setSelectionRange(target.value.length, target.value.length);
    target.scrollIntoView({ block: "center" });
    return true;
  }

  function press(selector) {
    const button = document.querySelector(selector);
    if (button) button.click();
    return Boolean(button);
  }

  function showKeys() {
    const keys = document.querySelector("[data-keys]");
    if (!keys) return false;
    keys.open = !keys.open;
    if (keys.open) { keys.scrollIntoView({ block: "center" }); keys.querySelector("summary").focus(); }
    return true;
  }

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => items.length > 0 && step(1),
    ArrowUp: () => items.length > 0 && step(-1),
    ArrowRight: () => !items.length && step(1),
    ArrowLeft: () => !items.length && step(-1),
    c: () => press('[data-press="c"]'),
    w: () => open("w", "textarea"),
    a: () => open("a", "textarea"),
    d: () => open("a", "select"),
    u: () => press("[data-undo] button"),
    "?": showKeys,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target) || (!isOn && event.key !== "?")) return;
    const act = acts[event.key];
    if (act && act()) event.preventDefault();
  });

  document.querySelectorAll("[data-undo]").forEach((form) => {
    const end = Date.now() + Number(form.dataset.undo) * 1000;
    const left = form.querySelector("[data-left]");
    const tick = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      if (seconds <= 0) { form.remove(); return; }
      left.textContent = `${seconds} s`;
      setTimeout(tick, 250);
    };
    tick();
  });

  const claimed = document.querySelector("[data-claim-place]");
  let asked = false;
  async function claim() {
    const form = claimed && claimed.querySelector("[data-claim]");
    if (asked || !form) return;
    asked = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok && answer.status !== 409) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      claimed.replaceChildren(...page.body.childNodes);
    } catch { /* nothing is lost: colleagues do not see that somebody is at it */ }
  }
  document.querySelectorAll("form.decide, form.reword").forEach((form) => form.addEventListener("input", claim));
})();
