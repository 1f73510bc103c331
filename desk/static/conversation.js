// The conversation page: the thread keeps its place, what is unfolded stays so, and deadlines count by the desk's clock.
"use strict";
(() => {
  const body = document.body;

  // --- the thread stays at its end while one reads the end, and stays put while one reads further up
  const frame = () => document.querySelector(".utas-bingkai");
  const scrolls = (box) => box && box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY === "auto";
  const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  let follow = !location.hash.startsWith("#pesan-");
  const toEnd = () => { const box = frame(); if (box && follow && !document.querySelector("[data-utas-lama]")) box.scrollTop = box.scrollHeight; };
  const box = frame();
  if (box) box.addEventListener("scroll", () => { follow = atEnd(box); }, { passive: true });
  body.addEventListener("desk-said", toEnd);

  // earlier messages come above what is read: the distance to the end stays
  let below = null;
  const earlier = (event) => event.detail.target && event.detail.target.matches(".lebih-lama");
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (!earlier(event)) return;
    follow = false;
    const it = scrolls(frame()) ? frame() : document.scrollingElement;
    below = [it, it.scrollHeight - it.scrollTop];
  });
  body.addEventListener("htmx:afterSettle", () => {
    if (!below) return;
    below[0].scrollTop = below[0].scrollHeight - below[1];
    below = null;
  });
  body.addEventListener("htmx:configRequest", (event) => {
    const first = document.querySelector("input[name=sejak]");
    if (first) event.detail.headers["X-Sejak"] = first.value;
  });

  // --- what is unfolded stays unfolded when its part is drawn anew, and the cursor stays where it was
  let focused = "";
  body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!target || !fragment) return;
    for (const it of target.querySelectorAll("details[id]")) {
      const again = fragment.querySelector(`#${CSS.escape(it.id)}`);
      if (again) again.open = it.open;
    }
    const at = document.activeElement;
    if (at && at.id && target.contains(at) && !at.matches("textarea")) focused = at.id;
  });
  body.addEventListener("htmx:oobAfterSwap", () => {
    toEnd();
    const it = focused && document.getElementById(focused);
    if (it && document.activeElement === body) it.focus({ preventScroll: true });
    focused = "";
    count();
  });

  // --- good news goes by itself, bad news when it is pressed
  const NEWS_MS = 7000;
  let going = 0;
  const fade = () => { clearTimeout(going); going = setTimeout(() => { for (const it of document.querySelectorAll("#kabar .baik")) it.remove(); }, NEWS_MS); };
  document.addEventListener("click", (event) => { const it = event.target.closest("#kabar .kabar"); if (it) it.remove(); });
  body.addEventListener("htmx:oobAfterSwap", fade);
  fade();

  // --- folds of the columns are remembered, for wide and narrow pages apart
  const width = () => (matchMedia("(min-width: 900px)").matches ? "lebar" : "sempit");
  for (const it of document.querySelectorAll("input[data-ingat]")) {
    const place = () => `${it.dataset.ingat}:${width()}`;
    const kept = localStorage.getItem(place());
    if (kept !== null) it.checked = kept === "1";
    it.addEventListener("change", () => localStorage.setItem(place(), it.checked ? "1" : "0"));
  }

  // a key of something in a folded column unfolds it first; keys.js then finds it
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) return;
    if (localStorage.getItem("tombol-mati") === "1" || document.querySelector("dialog[open]")) return;
    const it = [...document.querySelectorAll(".isi-lipatan [data-tombol]")].find((one) => one.dataset.tombol === event.key && !one.getClientRects().length);
    const fold = it && it.closest(".lipatan").querySelector(":scope > input");
    if (fold && !it.closest(".isi-lipatan").getClientRects().length) fold.click();
  }, true);

  // --- deadlines: counted by the desk's time, which every answer of the page tells anew
  let ahead = Date.parse(body.dataset.sekarang || "") - Date.now() || 0;
  body.addEventListener("htmx:afterRequest", (event) => {
    const told = Date.parse(event.detail.xhr.getResponseHeader("X-Sekarang") || "");
    if (!Number.isNaN(told)) ahead = told - Date.now();
  });
  const lasting = (ms) => {
    const minutes = Math.floor(Math.abs(ms) / 60000);
    if (minutes < 1) return "kurang dari 1 menit";
    const parts = [[Math.floor(minutes / 1440), "hari"], [Math.floor(minutes / 60) % 24, "jam"], [minutes % 60, "menit"]];
    const first = parts.findIndex(([amount]) => amount);
    return parts.slice(first, first + 2).filter(([amount]) => amount).map(([amount, unit]) => `${amount} ${unit}`).join(" ");
  };
  const count = () => {
    for (const it of document.querySelectorAll("[data-hitung]")) {
      const left = Date.parse(it.dataset.hitung) - (Date.now() + ahead);
      const words = left > 0 ? `${lasting(left)} lagi` : `lewat ${lasting(left)}`;
      if (it.textContent !== words) it.textContent = words;
      if (left <= 0 && it.dataset.lewat === undefined) {
        it.dataset.lewat = "";
        if (!it.closest(".broken, .closed")) body.dispatchEvent(new CustomEvent("desk-changed"));
      }
    }
  };
  setInterval(count, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { count(); body.dispatchEvent(new CustomEvent("desk-changed")); } });

  count();
  if (location.hash.startsWith("#pesan-")) { const it = document.querySelector(location.hash); if (it) it.scrollIntoView({ block: "center" }); } else toEnd();
})();
