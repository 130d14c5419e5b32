/**
 * Keeps the coach's own page, this version's files and the drawings, so that a massage goes on after a reload without a
 * network.
 *
 * Nothing else is kept or looked at: no answer of the coach, no sound, nothing that was said.
 */

const FILES = "/coach/v/0/"; // with the version, where the coach serves this file
const DRAWINGS = "/coach/pictures/";
const PAGE = "/";
const KEPT = `palmwise ${FILES}`;
const PATIENCE = 3000; // ms until the page that is kept is shown

async function keep() {
  const names = await (await fetch(`${FILES}files.json`)).json();
  const cache = await caches.open(KEPT);
  await cache.addAll([new Request(PAGE, { cache: "reload" }), ...names.map((name) => FILES + name)]);
  await self.skipWaiting();
}

async function clean() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("palmwise ") && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// A page of another version would ask for files that are not kept: the one that is kept belongs to them.
async function page(request) {
  const kept = await caches.match(PAGE, { cacheName: KEPT });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([fetch(request).then((answer) => (answer.status < 500 ? answer : kept), () => kept), late]);
}

// They have no version: the one that is kept may be an older one.
const drawing = (request) => fetch(request).catch(async () => (await caches.match(request, { cacheName: KEPT })) ?? Response.error());

const file = async (request) => (await caches.match(request, { cacheName: KEPT })) ?? fetch(request);

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(clean()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(request));
  else if (pathname.startsWith(DRAWINGS)) event.respondWith(drawing(request));
  else if (pathname.startsWith(FILES)) event.respondWith(file(request));
});
