// What stays on the device: our own assets, a page for when there is no network, and a text shared from another app
// until the page for writing takes it up. No page with anybody's data is ever kept.
"use strict";

const ASSETS = {{ assets | tojson }};
const OFFLINE = {{ offline | tojson }};
const SHARE = {{ share | tojson }};
const WRITE = {{ write | tojson }};
const STATIC = {{ static_path | tojson }};
const KEPT = "countersign-assets-{{ version }}";
const SHARED = "countersign-shared";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT);
    await kept.addAll(ASSETS);
    // Without cookies: the page is the same for everybody and names nobody.
    await kept.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("countersign-assets-") && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === SHARE) {
    event.respondWith(takeUp(request));
  } else if (request.method === "GET" && address.pathname.startsWith(STATIC)) {
    event.respondWith(fromDevice(request));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});

async function fromDevice(request) {
  return (await caches.match(request)) || fetch(request);
}

// A text that another app shares never leaves the device here: the page for writing fetches it from this cache.
async function takeUp(request) {
  const shared = await request.formData();
  const words = ["title", "text", "url"].map((name) => String(shared.get(name) || "").trim());
  const parts = words.filter((word, at) => word && words.indexOf(word) === at);
  const kept = await caches.open(SHARED);
  await kept.put(SHARE, new Response(parts.join("\n"), { headers: { "Content-Type": "text/plain; charset=utf-8" } }));
  return Response.redirect(WRITE, 303);
}
