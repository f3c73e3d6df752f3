// A file goes up as soon as it is chosen, with its progress; the server answers with its row of the form.
// Without this file "Send it up" does the same and comes back with the page.
"use strict";

(() => {
  const form = document.querySelector("form[data-attach]");
  if (!form) return;

  // All of the form goes along but other files: the server looks first whether the post needs clearance at all.
  function bodyOf(row, file) {
    const body = new FormData(form);
    Array.from(body.keys()).filter((name) => name.endsWith("_new")).forEach((name) => body.delete(name));
    body.append("attach", row);
    body.append(`medium_${row}_new`, file);
    return body;
  }

  function send(input) {
    const row = input.dataset.attach;
    const place = input.closest("[data-medium]");
    const bar = place.querySelector("progress");
    const request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) take(place, request.responseText);
      else fail(place, input);
    });
    request.addEventListener("error", () => fail(place, input));
    request.open("POST", form.dataset.attach.replace(/0\/$/, `${row}/`));
    request.setRequestHeader("X-Requested-With", "fetch");
    request.send(bodyOf(row, input.files[0]));
  }

  // What was typed meanwhile stays; only the file's part is new.
  function take(place, html) {
    const typed = new Map(Array.from(place.querySelectorAll("textarea, select"), (one) => [one.name, one.value]));
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-medium]");
    fresh.querySelectorAll("[data-no-script]").forEach((button) => { button.hidden = true; });
    fresh.querySelectorAll("textarea, select").forEach((one) => { if (typed.has(one.name)) one.value = typed.get(one.name); });
    place.replaceWith(fresh);
    const next = fresh.querySelector(".error") ? fresh.querySelector("input[type=file]") : fresh.querySelector("textarea");
    if (next) next.focus();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function fail(place, input) {
    place.querySelector("progress").hidden = true;
    const old = place.querySelector("[data-failed]");
    if (old) old.remove();
    const line = document.createElement("p");
    line.className = "error";
    line.setAttribute("role", "alert");
    line.dataset.failed = "";
    line.textContent = "The file did not arrive. Choose it again.";
    input.after(line);
    input.value = "";
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-attach]") && event.target.files.length) send(event.target);
  });
})();
