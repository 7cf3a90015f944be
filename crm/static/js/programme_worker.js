// Keeps one programme on the device: the network first, what was kept where it fails or is slow.
// Registered for one page, its scope; only that page and its own styles and scripts are touched.
const PATIENCE = 6000;
const page = new URL(self.registration.scope).pathname;
const name = `ponti-programme:${page}`;
let isKept = false;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = (key) => caches.match(key, { cacheName: name, ignoreVary: true });

// What the server says of the page replaces what was kept; a refusal, or the way to the door, ends it.
async function ask(request) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(name)).put(page, response.clone());
  else if (response.status < 500) await caches.delete(name);
  return response;
}

async function answer(event) {
  const asked = ask(event.request);
  event.waitUntil(asked.catch(() => {}));
  const copy = await kept(page);
  if (!copy) return asked;
  const slow = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const fresh = await Promise.race([asked, slow]).catch(() => undefined);
  isKept = !fresh || fresh.status >= 500;
  return isKept ? copy : fresh;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === page) event.respondWith(answer(event));
  else if (["style", "script", "image"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(async (error) => {
      const copy = await kept(url.pathname);
      if (copy) return copy;
      throw error;
    }));
  }
});

// The page asks whether it is what was kept.
self.addEventListener("message", (event) => event.source.postMessage({ isKept }));
