// Closes an open menu on Escape and on a press elsewhere. Without this file, its own press closes it.
"use strict";

(() => {
  const menus = Array.from(document.querySelectorAll("details.menu"));
  const close = (menu) => { menu.open = false; };
  document.addEventListener("click", (event) => {
    menus.filter((menu) => menu.open && !menu.contains(event.target)).forEach(close);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus.filter((menu) => menu.open).forEach((menu) => { close(menu); menu.querySelector("summary").focus(); });
  });
})();
