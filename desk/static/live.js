// Live pages: one stream for all of a browser's pages (a browser opens six connections to a desk, and tabs are many).
// Pages of one browser choose one of them by a lock; it holds the stream and passes on what it hears. Where locks are not
// to be had (plain http), a page has a stream of its own while it is seen. Without any of this pages look by themselves.
"use strict";
(() => {
  const POLL_MS = 10000;
  const GATHER_MS = 150;
  const ALIVE_MS = 5000;
  const SILENT_MS = 13000;
  const MOST = 20; // conversations one stream is asked for (desk/pages/stream.py)
  const again_ms = () => 3000 + Math.random() * 3000;
  const LOCK = "meja-aliran";
  const body = document.body;
  const lost = document.getElementById("sambungan");
  if (!body.dataset.langsung || !window.EventSource) return;

  const me = Math.random().toString(36).slice(2);
  const wish = body.dataset.percakapan ? `percakapan=${body.dataset.percakapan}.${body.dataset.lihat || ""}` : "antrean=1";

  // --- what this page does with what is heard
  let soon = 0;
  const refresh = () => {
    clearTimeout(soon);
    soon = setTimeout(() => body.dispatchEvent(new CustomEvent("desk-changed")), 60);
  };
  const say = (html) => {
    const list = document.querySelector("ol.utas");
    if (!list || document.querySelector("[data-utas-lama]")) return;
    const made = document.createElement("template");
    made.innerHTML = html;
    for (const line of [...made.content.children]) {
      if (document.getElementById(line.id)) continue;
      const none = list.querySelector(":scope > .kosong");
      if (none) none.remove();
      list.append(line);
      if (window.htmx) window.htmx.process(line);
    }
    body.dispatchEvent(new CustomEvent("desk-said"));
  };
  let polling = 0;
  const connected = (there) => {
    if (there) {
      clearInterval(polling);
      polling = 0;
      lost.hidden = true;
    } else if (!polling) {
      polling = setInterval(refresh, POLL_MS);
      setTimeout(() => { if (polling) lost.hidden = false; }, 3000);
    }
  };
  const hear = (name, data) => {
    if (name === "berubah") refresh();
    if (name === "hadir" && data === body.dataset.percakapan) body.dispatchEvent(new CustomEvent("desk-hadir"));
    if (name === "sebutan") body.dispatchEvent(new CustomEvent("desk-sebutan"));
    if (name === "pesan") {
      const said = JSON.parse(data);
      if (said.percakapan === body.dataset.percakapan) say(said.html);
    }
  };

  // --- the stream: a browser comes back by itself where a line broke, but not where it was answered with an error
  const open = (wishes, tell, state) => {
    const source = new EventSource(`${body.dataset.langsung}?${[...new Set(wishes)].join("&")}`);
    source.addEventListener("open", () => state(true));
    source.addEventListener("error", () => state(false));
    for (const name of ["berubah", "hadir", "pesan", "sebutan"]) source.addEventListener(name, (event) => tell(name, event.data));
    return source;
  };

  if (!navigator.locks || !window.BroadcastChannel) {
    let own = null;
    const look = () => {
      if (document.hidden) {
        if (own) own.close();
        own = null;
      } else if (!own) {
        own = open([wish], hear, (is) => {
          connected(is);
          if (!is && own && own.readyState === EventSource.CLOSED) { own = null; setTimeout(look, again_ms()); }
        });
      }
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pagehide", () => { if (own) own.close(); own = null; });
    window.addEventListener("pageshow", look);
    look();
    return;
  }

  // --- one of the pages leads: it knows what the others want, and opens the stream anew when that changes
  const air = new BroadcastChannel(LOCK);
  const wanted = new Map([[me, wish]]);
  let leading = false;
  let source = null;
  let gathering = 0;
  let heard = Date.now();
  let there = true;
  let left_out = []; // of more conversations than one stream may have; their pages look by themselves
  const send = (kind, more) => air.postMessage({ kind, from: me, ...more });

  const connect = () => {
    if (!leading) return;
    const before = source;
    const wishes = [...new Set(wanted.values())];
    const talks = wishes.filter((one) => one.startsWith("percakapan="));
    left_out = talks.slice(1, 1 + Math.max(0, talks.length - MOST));
    source = open(wishes.filter((one) => !left_out.includes(one)),
      (name, data) => { hear(name, data); send("kata", { name, data }); },
      (is) => {
        there = is;
        connected(is);
        send("hidup", { there, left_out });
        if (before) before.close();
        if (!is && source && source.readyState === EventSource.CLOSED) gather(again_ms());
      });
  };
  const gather = (ms) => { clearTimeout(gathering); gathering = setTimeout(connect, ms); };
  const step_down = () => {
    leading = false;
    if (source) source.close();
    source = null;
  };
  const lead = () => new Promise((release) => {
    leading = true;
    send("siapa");
    gather(wanted.size > 1 ? 0 : GATHER_MS);
    const alive = setInterval(() => { if (leading) send("hidup", { there, left_out }); }, ALIVE_MS);
    window.addEventListener("pagehide", () => { clearInterval(alive); step_down(); release(); }, { once: true });
  });
  const wait = (how) => navigator.locks.request(LOCK, how, lead).catch(() => { step_down(); wait({}); });

  air.addEventListener("message", ({ data: it }) => {
    if (it.kind === "mau" && leading && wanted.get(it.from) !== it.wish) { wanted.set(it.from, it.wish); gather(GATHER_MS); }
    if (it.kind === "pergi" && leading && wanted.delete(it.from)) gather(2000);
    if (it.kind === "siapa") { heard = Date.now(); send("mau", { wish }); }
    if (it.kind === "hidup") { heard = Date.now(); connected(it.there && !it.left_out.includes(wish)); }
    if (it.kind === "kata") { heard = Date.now(); hear(it.name, it.data); }
  });
  // a leading page that sleeps in the background must not keep those that are seen from hearing
  setInterval(() => {
    if (leading || document.hidden || Date.now() - heard < SILENT_MS) return;
    heard = Date.now();
    wait({ steal: true });
  }, 2000);
  window.addEventListener("pagehide", () => send("pergi"));
  window.addEventListener("pageshow", (event) => { if (event.persisted) { wait({}); send("mau", { wish }); refresh(); } });
  send("mau", { wish });
  wait({});
})();
