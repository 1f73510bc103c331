// Opens the chat page without a line: what was written here waits on it. Keeps the page and its files, never a message.
"use strict";
const KEEP = "helpdesk-VERSION";
const FILES = ["/chat", "/static/chat.css", "/static/store.js", "/static/line.js", "/static/chat.js"];
const PATIENCE = 6000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEEP).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== KEEP).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/chat" && !url.search) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/static/") && url.search) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});

async function page(request) {
  const kept = await caches.match("/chat");
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([fetch(request).catch(() => kept), late]);
}
