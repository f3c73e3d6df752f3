// Live findings while a post is being typed, fixes in one press, and a draft that stays on this device.
// Without this file the same form works: "Check it first" and the fix buttons go to the server and come back.
"use strict";

(() => {
  const form = document.querySelector("form[data-live-check]");
  if (!form) return;
  const text = form.elements.text;
  const preview = form.querySelector("[data-preview]");
  const PAUSE_MS = 250;
  const LONGEST = 100000;
  let timer = 0;
  let asked = 0;
  let shown = null; // the text that the preview speaks of

  form.querySelectorAll("[data-no-script]").forEach((button) => { button.hidden = true; });

  async function check() {
    const mine = ++asked;
    if (text.value.length > LONGEST) {
      say("That is longer than any network takes. Shorten it to 100,000 characters.");
      return;
    }
    const body = new FormData(form);
    Array.from(body.keys()).filter((name) => name.endsWith("_new")).forEach((name) => body.delete(name)); // media.js sends files
    const about = text.value;
    try {
      const answer = await fetch(form.dataset.liveCheck, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      preview.replaceChildren(...page.body.childNodes);
      shown = about;
    } catch {
      if (mine === asked) say("We could not check it just now. Your text is safe; the check runs again when you submit.");
    }
  }

  function say(words) {
    const line = document.createElement("p");
    line.className = "note";
    line.textContent = words;
    preview.replaceChildren(line);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  }

  // Offsets count Unicode code points, as the server does; JavaScript strings count UTF-16 units.
  function replace(fixes) {
    const points = Array.from(text.value.replace(/\r\n/g, "\n"));
    let last = points.length + 1;
    fixes.sort((a, b) => b.start - a.start || b.end - a.end).forEach((fix) => {
      if (fix.end > last) return;
      points.splice(fix.start, fix.end - fix.start, fix.replacement);
      last = fix.start;
    });
    write(points.join(""));
  }

  function write(words) {
    text.value = words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
    check();
  }

  // Protected passages leave the box; what they were is shown, and kept nowhere.
  function takeOut(button) {
    if (text.value !== shown) {
      check();
      return;
    }
    const told = button.closest(".notice").querySelector("[data-taken]");
    form.querySelector("[data-taken-place]").replaceChildren(told.content.cloneNode(true));
    write(button.dataset.rest);
  }

  const read = (button) => ({
    start: Number(button.dataset.start),
    end: Number(button.dataset.end),
    replacement: button.dataset.replacement,
  });

  form.addEventListener("click", (event) => {
    const one = event.target.closest("[data-fix]");
    const all = event.target.closest("[data-fix-all]");
    const rest = event.target.closest("[data-rest]");
    if (!one && !all && !rest) return;
    event.preventDefault();
    if (rest) {
      takeOut(rest);
      return;
    }
    replace(one ? [read(one)] : Array.from(form.querySelectorAll("[data-fix]"), read));
  });

  // The draft lives on the author's device until they submit. What is sent stays under another name until the page
  // that follows says it arrived (app.js): without a network nothing is lost.
  const draft = form.dataset.draft && `countersign-draft-${form.dataset.draft}`;
  const sent = form.dataset.draft && `countersign-sent-${form.dataset.draft}`;
  function store(use) {
    if (!draft) return null;
    try { return use(localStorage); } catch { return null; /* private windows refuse; nothing is lost on the page */ }
  }
  function keep() {
    store((kept) => { kept.setItem(draft, text.value); kept.removeItem(sent); });
  }
  if (!text.value) text.value = store((kept) => kept.getItem(draft) || kept.getItem(sent)) || "";
  form.addEventListener("submit", () => {
    store((kept) => { kept.setItem(sent, text.value); kept.removeItem(draft); });
  });

  // A text that another app shared waits on this device (the service worker put it there) and is taken up once.
  async function takeUpShared() {
    const kept = await caches.open("countersign-shared");
    const shared = await kept.match(form.dataset.shared);
    if (!shared) return;
    const words = await shared.text();
    await kept.delete(form.dataset.shared);
    if (words) write(text.value.trim() ? `${text.value.trimEnd()}\n\n${words}` : words);
  }
  if (form.dataset.shared && "caches" in window) takeUpShared().catch(() => { /* nothing was shared */ });

  form.addEventListener("input", () => { keep(); later(); });
  form.addEventListener("change", later);
  if (text.value && !text.closest("details:not([open])")) check();
})();
