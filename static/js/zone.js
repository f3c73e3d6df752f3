// Suggests the browser's own time zone beside the field; one press takes it. Nothing is sent.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("input[list=zones]").forEach((input) => {
    if (!zone || input.value === zone || input.name.startsWith("units-")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "suggestion";
    button.textContent = `Use ${zone}, as on this device`;
    button.addEventListener("click", () => { input.value = zone; button.remove(); input.focus(); });
    input.after(button);
  });
})();
