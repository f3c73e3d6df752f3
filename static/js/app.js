// Every page: the service worker, and what leaves this device when somebody submits or signs out.
"use strict";

(() => {
  const PREFIX = "countersign-";
  const SENT = "countersign-sent-";

  function forget(prefix) {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => localStorage.removeItem(key));
    } catch { /* private windows keep nothing */ }
  }

  // The page that follows a submission says that it arrived: only then is its draft let go.
  if (document.querySelector("[data-submitted]")) forget(SENT);

  document.querySelectorAll("[data-sign-out]").forEach((form) => {
    form.addEventListener("submit", () => {
      forget(PREFIX);
      if ("caches" in window) caches.delete("countersign-shared");
    });
  });

  if ("serviceWorker" in navigator && document.documentElement.dataset.worker) {
    navigator.serviceWorker.register(document.documentElement.dataset.worker).catch(() => { /* the pages work without */ });
  }
})();
