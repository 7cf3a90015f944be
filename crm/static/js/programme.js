// The programme on the road: kept on the device by its worker, which of its days is today, printed.
const line = document.querySelector("[data-saved]");
const made = line.querySelector("time");
const language = document.documentElement.lang;

function onThisClock() {
  const at = new Date(made.dateTime);
  const isToday = at.toDateString() === new Date().toDateString();
  made.textContent = at.toLocaleString(language, { ...(isToday ? {} : { dateStyle: "long" }), timeStyle: "short", hourCycle: "h23" });
}

function tell({ isKept = false, isOffline = !navigator.onLine } = {}) {
  line.querySelector("[data-offline]").hidden = !isOffline;
  line.querySelector("[data-slow]").hidden = isOffline || !isKept;
  // What was just done is said once: a kept page must not say it again.
  if (isOffline || isKept) for (const message of document.querySelectorAll(".messages")) message.hidden = true;
}

async function keep() {
  await navigator.serviceWorker.register(line.dataset.worker, { scope: location.pathname });
  const cache = await caches.open(`ponti-programme:${location.pathname}`);
  if (!await cache.match(location.pathname, { ignoreVary: true })) {
    const page = await fetch(location.pathname, { cache: "force-cache" });
    if (!page.ok || page.redirected) return;
    await cache.put(location.pathname, page);
  }
  const assets = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => new URL(one.href ?? one.src).pathname);
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== location.pathname && !assets.includes(path)) await cache.delete(request);
  }
  for (const asset of assets) if (!await cache.match(asset)) await cache.add(asset);
  line.querySelector("[data-kept]").hidden = false;
}

// A page kept from yesterday still knows which day it is there.
function markToday() {
  let next = null;
  for (const day of document.querySelectorAll("[data-day]")) {
    const today = new Date().toLocaleDateString("sv", { timeZone: day.dataset.zone });
    day.querySelector("[data-today]").hidden = day.dataset.day !== today;
    if (day.dataset.day >= today) next ??= { day, isToday: day.dataset.day === today };
  }
  const link = document.querySelector("[data-next-day]");
  if (link) link.hidden = !next;
  if (!link || !next) return;
  link.href = `#${next.day.id}`;
  link.textContent = next.isToday ? link.dataset.today : link.dataset.later;
}

markToday();
onThisClock();
tell();
addEventListener("online", () => tell());
addEventListener("offline", () => tell());
const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());

if ("serviceWorker" in navigator && isSecureContext) {
  navigator.serviceWorker.addEventListener("message", ({ data }) => tell({ isKept: data.isKept }));
  navigator.serviceWorker.startMessages();
  navigator.serviceWorker.controller?.postMessage("isKept");
  keep().catch(() => {});
}
