// Copies the cleared text, and says so; where a network takes no text, before its window opens.
// Without this file the text stands in its box, to be selected, and the links open all the same.
"use strict";

(() => {
  const place = document.querySelector("[data-share]");
  if (!place) return;
  const text = place.querySelector("textarea");
  const said = place.querySelector("[data-copied]");

  async function copy(then) {
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = `Copied. ${then}`;
    } catch {
      text.focus();
      text.select();
      said.textContent = "This browser does not let us copy. The text is selected: copy it with your keyboard or the menu.";
    }
  }

  place.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = false; });
  place.addEventListener("click", (event) => {
    const press = event.target.closest("[data-copy]");
    if (press) copy(press.href ? "Paste it into the window that has opened." : "Paste it where you like.");
  });
  text.addEventListener("focus", () => text.select());
})();
