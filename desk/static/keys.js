// Keys for everything: any element that names its key (data-tombol) is pressed or focused by it, and "?" lists what this page has.
// Lists (data-daftar) are walked with j and k, a line (data-baris) is opened with Enter and marked with x.
"use strict";
(() => {
  const OFF = "tombol-mati";
  const SEQUENCE_MS = 1200;
  const map = document.getElementById("peta-tombol");
  const off = () => localStorage.getItem(OFF) === "1";
  const writing = (it) => it.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") || it.isContentEditable;
  const seen = (it) => it.getClientRects().length > 0 || it.matches(".tak-tampak, :checked, .lainnya a");
  const named = (it) => it.dataset.tombolNama || it.getAttribute("aria-label") || it.textContent.trim().replace(/\s+/g, " ")
    || it.placeholder || it.title;

  const use = (it) => {
    if (it.matches("textarea, select, input:not([type=checkbox]):not([type=radio])")) { it.focus(); return; }
    if (it.matches("details")) { it.open = !it.open; it.querySelector("summary").focus(); return; }
    it.focus({ preventScroll: false });
    it.click();
  };
  const found = (key) => [...document.querySelectorAll("[data-tombol]")].find((it) => it.dataset.tombol === key && seen(it) && !it.disabled);
  const begins = (key) => [...document.querySelectorAll("[data-tombol]")].some((it) => it.dataset.tombol.startsWith(key + " "));

  // --- lists
  const lines = () => [...document.querySelectorAll("[data-daftar] [data-baris]")].filter(seen);
  const current = () => document.activeElement && document.activeElement.closest("[data-baris]");
  const step = (by) => {
    const all = lines();
    if (!all.length) return false;
    const at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    (next.querySelector("a") || next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const mark = () => {
    const box = current() && current().querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  };
  const walking = { j: () => step(1), k: () => step(-1), x: mark };

  // --- the map
  const show = () => {
    const list = map.querySelector("dl");
    const rows = [...document.querySelectorAll("[data-tombol]")].filter((it) => seen(it) && !it.disabled)
      .map((it) => [it.dataset.tombol, named(it)]);
    if (lines().length) rows.push(["j k", "Baris berikutnya, sebelumnya"], ["Enter", "Buka baris"]);
    if (document.querySelector("[data-daftar] [data-baris] input[type=checkbox]")) rows.push(["x", "Tandai baris"]);
    if (document.querySelector("textarea[data-draf]")) rows.push(["Ctrl Enter", "Kirim tulisan"]);
    rows.push(["Esc", "Keluar dari isian atau jendela"], ["?", "Peta tombol ini"]);
    list.replaceChildren(...rows.map(([keys, what]) => {
      const row = document.createElement("div");
      const name = document.createElement("dt");
      const said = document.createElement("dd");
      for (const key of keys.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        name.append(cap, " ");
      }
      said.textContent = what;
      row.append(name, said);
      return row;
    }));
    map.querySelector("[name=mati]").checked = off();
    map.showModal();
  };
  if (map) {
    map.querySelector("[name=mati]").addEventListener("change", (event) => localStorage.setItem(OFF, event.target.checked ? "1" : "0"));
    document.addEventListener("click", (event) => { if (event.target.closest("[data-peta]")) show(); });
  }

  let before = "";
  let forget = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && writing(at)) { at.blur(); return; }
    if (writing(at) || (document.querySelector("dialog[open]") && event.key !== "?")) return;
    if (event.key === "?" && map) { event.preventDefault(); if (map.open) map.close(); else show(); return; }
    if (off()) return;
    const key = before ? before + " " + event.key : event.key;
    before = "";
    clearTimeout(forget);
    const it = found(key);
    if (it) { event.preventDefault(); use(it); return; }
    if (begins(key)) { before = key; forget = setTimeout(() => { before = ""; }, SEQUENCE_MS); return; }
    if (walking[event.key] && walking[event.key]()) event.preventDefault();
  });
})();
