// A page that waits for something being made looks again by itself, a few times.
"use strict";

(() => {
  const waiting = document.querySelector("[data-refresh]");
  if (!waiting) return;
  const TRIES = 20;
  const key = `refresh:${location.pathname}`;
  const tried = Number(sessionStorage.getItem(key) || 0);
  if (tried >= TRIES) return;
  sessionStorage.setItem(key, String(tried + 1));
  setTimeout(() => location.reload(), Number(waiting.dataset.refresh) * 1000);
})();
