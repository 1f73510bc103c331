// The queue, live: changed lines are replaced where they stand, new ones are only counted; ticks, focus and scroll stay.
"use strict";
(() => {
  const AT_MOST_MS = 2000;
  const SELDOM_MS = 10000;
  const PATIENCE = 8;
  const MOST_ASKED = 200;
  // a line drawn anew looks at once as it should: wearing its old looks for a moment would move what is below
  document.addEventListener("DOMContentLoaded", () => { if (window.htmx) window.htmx.config.attributesToSettle = []; });
  const list = () => document.getElementById("daftar");
  const lines = () => [...document.querySelectorAll(".antre-padat [data-nomor]")];
  const boxes = () => [...document.querySelectorAll(".antre-padat input[name=pilih]")];

  // --- ticks: kept by number, so that a line drawn anew is ticked as it was
  let ticked = new Set();
  let last = null;
  const all = () => document.querySelector(".bilah-banyak [name=semua]");
  const tell = () => {
    ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    const said = document.querySelector(".terpilih");
    if (said) said.textContent = all() && all().checked ? "Semua dipilih" : ticked.size + " dipilih";
  };
  const giveBack = () => {
    for (const box of boxes()) box.checked = ticked.has(box.value);
    tell();
  };
  document.addEventListener("click", (event) => {
    const box = event.target.closest(".antre-padat input[name=pilih]");
    if (!box) return;
    const every = boxes();
    if (event.shiftKey && last && last.isConnected) {
      const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
      for (const one of every.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    tell();
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[name=semua]")) tell(); });
  document.addEventListener("reset", (event) => {
    if (!event.target.matches("#banyak")) return;
    for (const box of boxes()) box.checked = false;
    last = null;
    setTimeout(tell);
  });

  // --- the highlighted line is claimed by its key
  document.addEventListener("click", (event) => {
    if (!event.target.matches("#ambil-baris")) return;
    const line = document.activeElement && document.activeElement.closest("[data-baris]");
    const claim = line && line.querySelector("form button");
    if (claim) claim.click();
  });

  // --- live: at most every two seconds, and more seldom where the desk takes long to answer: it is asked by many
  let asked = 0;
  let pause = AT_MOST_MS;
  let waiting = 0;
  let asking = false;
  let owed = false;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh(), Math.max(150, asked + pause - Date.now()));
  };
  const refresh = async () => {
    if (!list() || asking || document.hidden) { owed = true; return; }
    asking = true;
    owed = false;
    asked = Date.now();
    const shown = lines();
    const about = shown.slice(0, MOST_ASKED).map((line) => "baris=" + line.dataset.nomor + "." + line.dataset.sidik);
    for (const mark of document.querySelectorAll(".sidik")) about.push("sidik=" + encodeURIComponent(mark.value));
    const more = document.querySelector(".lanjut[data-sampai]");
    if (more) about.push("sampai=" + encodeURIComponent(more.dataset.sampai));
    const address = list().dataset.segarkan;
    try {
      await window.htmx.ajax("GET", address + (address.includes("?") ? "&" : "?") + about.join("&"), { swap: "none", source: list(), target: document.body });
    } catch { /* the stream says when the desk is there again */ }
    asking = false;
    pause = Math.min(SELDOM_MS, Math.max(AT_MOST_MS, PATIENCE * (Date.now() - asked)));
    if (owed) soon();
    // nothing is read here yet, so nothing is pushed: what came is shown at once
    const came = document.getElementById("muat-baru");
    if (came && !lines().length) came.click();
  };
  document.body.addEventListener("desk-changed", soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && owed) soon(); });
  setInterval(() => { if (!document.hidden) soon(); }, 30000);

  // a line that left keeps its height: nothing below it moves under the reader's eyes
  let focused = null;
  let height = 0;
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    focused = document.activeElement && document.activeElement.id;
    height = event.detail.target.offsetHeight;
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const left = document.getElementById(event.detail.target.id);
    if (left && left.matches(".pergi")) left.style.minHeight = height + "px";
    giveBack();
    const it = focused && document.getElementById(focused);
    if (it && document.activeElement !== it) it.focus({ preventScroll: true });
    const gone = focused && !it && document.getElementById("b-" + focused.replace("baris-", ""));
    const next = gone && gone.nextElementSibling && gone.nextElementSibling.querySelector("a");
    if (next) next.focus({ preventScroll: true });
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "daftar") {
      const before = document.getElementById("bagian-baru");
      for (const it of before.querySelectorAll(".baru")) it.remove();
      const mark = before.querySelector(".sidik");
      if (mark) mark.value = "";
    }
    giveBack();
  });
  giveBack();
})();
