// Drafts: what is being written is kept by the desk for its writer alone, and in this browser while the line is away.
// The form's key goes with the words, so pressing twice, or from two browsers, sends them once.
"use strict";
(() => {
  const WAIT_MS = 700;
  const BEGIN = "draf:";
  const body = document.body;
  const box = () => document.querySelector("[data-petugas]");
  const areas = () => document.querySelectorAll("textarea[data-draf]");
  const place = (area) => `${BEGIN}${box() ? box().dataset.petugas : ""}:${area.dataset.draf}`;
  const read = (area) => { try { return JSON.parse(localStorage.getItem(place(area)) || "null"); } catch { return null; } };
  const sources = (form) => [...form.querySelectorAll("input[name=dari]")].map((it) => it.value);
  const said = (area, words) => { const line = area.form.querySelector("[data-draf-kabar]"); if (line) line.textContent = words; };

  const keepHere = (area, kept) => {
    const form = area.form;
    const draft = { text: area.value, key: form.elements.key ? form.elements.key.value : "", dari: sources(form), kept };
    if (area.value || !kept) localStorage.setItem(place(area), JSON.stringify(draft));
    else localStorage.removeItem(place(area));
  };
  const fields = (area) => {
    const form = area.form;
    const given = new URLSearchParams({ csrf: form.elements.csrf.value, key: form.elements.key.value, act: area.dataset.act, text: area.value });
    for (const name of sources(form)) given.append("dari", name);
    return given;
  };
  const keepThere = async (area) => {
    const words = area.value;
    try {
      const answer = await fetch(box().dataset.drafKe, { method: "POST", body: fields(area), headers: { "HX-Request": "true" } });
      if (answer.status === 410) { forget(area.form); said(area, "Tulisan ini sudah terkirim."); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      if (area.value !== words) return;
      keepHere(area, true);
      said(area, words ? "Draf tersimpan" : "Ctrl+Enter untuk mengirim");
    } catch {
      said(area, "Meja tidak terjangkau; draf disimpan di peramban ini dulu.");
    }
  };

  // --- while writing
  const timers = new Map();
  const later = (area) => {
    clearTimeout(timers.get(area.id));
    if (area.dataset.act && box()) timers.set(area.id, setTimeout(() => { if (area.isConnected) keepThere(area); }, WAIT_MS));
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[data-draf]")) return;
    keepHere(event.target, false);
    later(event.target);
  });
  window.addEventListener("pagehide", () => {
    for (const area of areas()) {
      const kept = read(area);
      if (kept && !kept.kept && area.dataset.act && box()) navigator.sendBeacon(box().dataset.drafKe, fields(area));
    }
  });
  window.addEventListener("online", () => { for (const area of areas()) if (area.value) later(area); });

  // --- given back: words the desk does not have yet go before those it has
  const giveBack = () => {
    for (const area of areas()) {
      const kept = read(area);
      if (!kept || (kept.kept && area.dataset.act)) { if (kept && !area.value) localStorage.removeItem(place(area)); continue; }
      if (!kept.text || area.value === kept.text) continue;
      area.value = kept.text;
      if (kept.key && area.form.elements.key) area.form.elements.key.value = kept.key;
      const holder = area.form.querySelector("[data-sumber]");
      if (holder && window.desk) holder.replaceChildren(...kept.dari.map(window.desk.source));
      later(area);
    }
  };
  const forget = (form) => {
    const area = form && form.querySelector && form.querySelector("textarea[data-draf]");
    if (!area) return;
    clearTimeout(timers.get(area.id));
    localStorage.removeItem(place(area));
  };
  // a refresh that draws the form anew must not sweep away what was typed since
  const typed = new Map();
  body.addEventListener("htmx:oobBeforeSwap", () => {
    for (const area of areas()) if (document.activeElement === area) typed.set(area.id, [area.selectionStart, area.selectionEnd]);
  });
  body.addEventListener("htmx:oobAfterSwap", () => {
    giveBack();
    for (const [id, [from, to]] of typed) {
      const area = document.getElementById(id);
      if (area && area.getClientRects().length) { area.focus(); area.setSelectionRange(from, to); }
    }
    typed.clear();
  });
  body.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status < 400) forget(event.detail.elt); });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-keluar]")) for (const name of Object.keys(localStorage)) if (name.startsWith(BEGIN)) localStorage.removeItem(name);
    if (!window.htmx) forget(event.target);
  });
  // another person at this browser finds nothing of those before
  if (box()) {
    const mine = `${BEGIN}${box().dataset.petugas}:`;
    for (const name of Object.keys(localStorage)) if (name.startsWith(BEGIN) && !name.startsWith(mine)) localStorage.removeItem(name);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea[data-draf]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  // --- the line drops in mid-reply: nobody knows whether it arrived, and pressing again is harmless
  const dropped = (event) => {
    const form = event.detail.elt;
    const area = form.matches("form") && form.querySelector("textarea[data-draf]");
    if (!area) return;
    keepHere(area, false);
    const news = document.getElementById("kabar");
    const line = document.createElement("p");
    line.className = "kabar awas";
    line.setAttribute("role", "alert");
    line.textContent = "Sambungan terputus waktu mengirim, jadi belum pasti terkirim. Tulisan Anda masih ada di kotaknya: tekan tombolnya lagi; kalau tadi sudah sampai, tidak akan terkirim dua kali.";
    if (news) news.replaceChildren(line);
    event.stopImmediatePropagation();
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) body.addEventListener(name, dropped);

  giveBack();
})();
