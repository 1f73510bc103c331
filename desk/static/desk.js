// What the desk's pages do by themselves: hear the live stream, keep drafts, keep the thread's place. Pages work without it.
"use strict";
(() => {
  const POLL_MS = 10000;
  const body = document.body;
  const lost = document.getElementById("sambungan");

  // --- live: the stream only says that something changed; htmx then asks for the parts that differ
  let waiting = 0;
  const refresh = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => body.dispatchEvent(new CustomEvent("desk-changed")), 120);
  };
  const concerns = (word) => !word || !body.dataset.percakapan || word === body.dataset.percakapan;

  if (body.dataset.langsung && window.EventSource) {
    let polling = 0;
    const source = new EventSource(body.dataset.langsung);
    source.addEventListener("open", () => {
      if (polling) { clearInterval(polling); polling = 0; refresh(); }
      lost.hidden = true;
    });
    source.addEventListener("error", () => {
      if (polling) return;
      polling = setInterval(refresh, POLL_MS);
      setTimeout(() => { if (polling) lost.hidden = false; }, 3000);
    });
    source.addEventListener("berubah", (event) => { if (concerns(event.data)) refresh(); });
    window.addEventListener("pagehide", () => source.close());
  }

  // --- drafts: kept in this tab only, given back after a reload or when the form is drawn anew
  const place = (area) => "draf:" + area.dataset.draf;
  const giveBack = () => {
    for (const area of document.querySelectorAll("textarea[data-draf]")) {
      const kept = sessionStorage.getItem(place(area));
      if (kept && !area.value) area.value = kept;
    }
  };
  const forget = (form) => {
    const area = form && form.querySelector && form.querySelector("textarea[data-draf]");
    if (area) sessionStorage.removeItem(place(area));
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-draf]")) sessionStorage.setItem(place(event.target), event.target.value);
  });
  body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) forget(event.detail.elt);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-keluar]")) sessionStorage.clear();
    if (!window.htmx) forget(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea[data-draf]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  // --- the thread stays at its end while one reads the end, and stays put while one reads further up
  const frame = () => document.querySelector(".utas-bingkai");
  const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  let follow = true;
  const toEnd = () => { const box = frame(); if (box && follow) box.scrollTop = box.scrollHeight; };
  const box = frame();
  if (box) box.addEventListener("scroll", () => { follow = atEnd(box); }, { passive: true });

  body.addEventListener("htmx:oobAfterSwap", () => { giveBack(); toEnd(); });

  // --- a failed request says so; what was typed is still there
  const failed = () => {
    const news = document.getElementById("kabar");
    if (!news) return;
    const line = document.createElement("p");
    line.className = "kabar buruk";
    line.setAttribute("role", "alert");
    line.textContent = "Tidak terkirim: meja sedang tidak bisa dihubungi. Tulisan Anda masih ada; coba lagi.";
    news.replaceChildren(line);
  };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    body.addEventListener(name, (event) => { if (event.detail.elt.matches("form")) failed(); });
  }

  // --- filters apply as soon as they are chosen
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-otomatis]");
    if (form && !event.target.matches("[type=search]")) form.requestSubmit();
  });

  giveBack();
  toEnd();
})();
