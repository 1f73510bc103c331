// The right column: a key opens its small form with the cursor in it, a refresh leaves what is typed, presence is told,
// and "@" in a note offers colleagues. Pages work without it.
"use strict";
(() => {
  const HERE_MS = 20000;
  const TYPING_MS = 3000;
  const SILENT_MS = 4000;
  const body = document.body;

  // --- a key may stand in a folded column: unfold it first, then keys.js presses
  const fold = (it) => it.closest(".lipatan") && it.closest(".lipatan").querySelector(":scope > input[type=checkbox]");
  const hidden = (it) => it.getClientRects().length === 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input")) return;
    if (localStorage.getItem("tombol-mati") === "1") return;
    const it = [...document.querySelectorAll("[data-urus][data-tombol]")].find((one) => one.dataset.tombol === event.key);
    const box = it && hidden(it) && fold(it);
    if (box) box.click();
  }, true);
  document.addEventListener("toggle", (event) => {
    const it = event.target;
    if (!it.matches || !it.matches("[data-urus]") || !it.open || it.dataset.kembali) return;
    for (const other of document.querySelectorAll("[data-urus][open]")) if (other !== it) other.open = false;
    const first = it.querySelector("input:not([type=hidden]):not([type=checkbox]), select, textarea, button");
    if (first) first.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest && event.target.closest("[data-urus][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // --- when the column is drawn anew, what was open and typed is put back, unless it was just sent
  let kept = null;
  const fields = (form) => [...form.elements].filter((it) => it.name && !["hidden", "submit", "button"].includes(it.type));
  const key = (form) => form.getAttribute("action") + " " + [...form.elements].map((it) => it.name).join(",");
  body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (!part || part.id !== "bagian-urus") return;
    kept = { open: [...part.querySelectorAll("[data-urus][open]")].map((it) => it.dataset.urus), typed: {}, at: null };
    kept.inner = [...part.querySelectorAll("details[id][open]")].map((it) => it.id);
    for (const form of part.querySelectorAll("form")) {
      if (form.dataset.terkirim) continue;
      kept.typed[key(form)] = fields(form).map((it) => [it.name, it.type, it.checked, it.value]);
      if (form.contains(document.activeElement)) kept.at = [key(form), document.activeElement.name];
    }
    const sent = part.querySelector("form[data-terkirim]");
    const from = sent && sent.closest("[data-urus]");
    if (from) kept.open = kept.open.filter((name) => name !== from.dataset.urus);
  });
  body.addEventListener("htmx:oobAfterSwap", (event) => {
    const part = event.detail.target;
    if (!kept || !part || part.id !== "bagian-urus") return;
    for (const name of kept.open) {
      const it = document.querySelector(`#bagian-urus [data-urus="${name}"]`);
      if (it) { it.dataset.kembali = "1"; it.open = true; setTimeout(() => { delete it.dataset.kembali; }, 50); }
    }
    for (const id of kept.inner) { const it = document.getElementById(id); if (it) it.open = true; }
    for (const form of document.querySelectorAll("#bagian-urus form")) {
      for (const [index, [, type, checked, value]] of (kept.typed[key(form)] || []).entries()) {
        const it = fields(form)[index];
        if (!it) continue;
        if (type === "checkbox" || type === "radio") it.checked = checked; else if (!it.value) it.value = value;
      }
      if (kept.at && kept.at[0] === key(form) && form.elements[kept.at[1]] && form.elements[kept.at[1]].focus) form.elements[kept.at[1]].focus();
    }
    kept = null;
  });
  body.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.detail.elt;
    if (form.matches("#bagian-urus form") && event.detail.xhr.status < 400) form.dataset.terkirim = "1";
  });

  // --- presence: here every 20 s while the page is seen; typing at most every 3 s
  const line = () => document.querySelector("[data-pergi]");
  if (body.dataset.percakapan && line()) {
    const state = document.createElement("input");
    Object.assign(state, { type: "hidden", id: "mengetik", name: "mengetik", value: "false" });
    body.append(state);
    const tell = () => { if (window.htmx && !document.hidden) body.dispatchEvent(new CustomEvent("desk-detak")); };
    let said = 0;
    let silent = 0;
    const typing = (now) => {
      const news = state.value !== String(now);
      state.value = String(now);
      if (news || (now && Date.now() - said > TYPING_MS)) { said = Date.now(); tell(); }
    };
    document.addEventListener("input", (event) => {
      if (!event.target.matches("#bagian-tindakan textarea")) return;
      clearTimeout(silent);
      silent = setTimeout(() => typing(false), SILENT_MS);
      typing(true);
    });
    document.addEventListener("submit", () => { clearTimeout(silent); state.value = "false"; });
    body.addEventListener("htmx:beforeRequest", (event) => {
      if (event.detail.elt.closest("#bagian-tindakan")) { clearTimeout(silent); state.value = "false"; }
    });
    setInterval(tell, HERE_MS);
    document.addEventListener("visibilitychange", tell);
    window.addEventListener("load", tell);
    window.addEventListener("pagehide", () => {
      const form = JSON.parse(line().getAttribute("hx-vals"));
      navigator.sendBeacon(line().dataset.pergi, new URLSearchParams({ ...form, pergi: "true" }));
    });
  }

  // --- "@" in a note offers colleagues
  const NAMING = /(^|[\s(])@([\w.-]*)$/;
  let offer = null;
  const people = () => [...document.querySelectorAll("[data-rekan] li")].map((it) => [it.dataset.nama, it.textContent]);
  const close = () => {
    if (offer) { offer.area.removeAttribute("aria-activedescendant"); offer.area.removeAttribute("aria-controls"); offer.list.remove(); }
    offer = null;
  };
  const choose = (name) => {
    const { area, from } = offer;
    const after = area.value.slice(area.selectionStart);
    const before = area.value.slice(0, from) + "@" + name + " ";
    area.value = before + after;
    close();
    area.focus();
    area.setSelectionRange(before.length, before.length);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const mark = (at) => {
    const items = [...offer.list.children];
    offer.at = (at + items.length) % items.length;
    items.forEach((it, index) => it.setAttribute("aria-selected", String(index === offer.at)));
    offer.area.setAttribute("aria-activedescendant", items[offer.at].id);
  };
  const show = (area) => {
    const found = area.value.slice(0, area.selectionStart).match(NAMING);
    close();
    if (!found) return;
    const begun = found[2].toLowerCase();
    const fit = people().filter(([name, whole]) => name.startsWith(begun) || whole.toLowerCase().split(" ").some((part) => part.startsWith(begun))).slice(0, 6);
    if (!fit.length) return;
    const list = document.createElement("ul");
    list.className = "sebut-pilih";
    list.id = "sebut-pilih";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Rekan");
    fit.forEach(([name, whole], index) => {
      const it = document.createElement("li");
      it.id = "sebut-" + index;
      it.setAttribute("role", "option");
      const who = document.createElement("span");
      who.textContent = whole;
      const how = document.createElement("span");
      how.textContent = "@" + name;
      it.append(who, how);
      it.addEventListener("mousedown", (event) => { event.preventDefault(); choose(name); });
      list.append(it);
    });
    const box = area.getBoundingClientRect();
    body.append(list);
    list.style.left = Math.min(box.left + window.scrollX, window.innerWidth - list.offsetWidth - 8) + "px";
    list.style.top = box.top + window.scrollY - list.offsetHeight - 4 + "px";
    area.setAttribute("aria-controls", list.id);
    offer = { area, list, from: area.selectionStart - found[2].length - 1, at: 0, names: fit.map(([name]) => name) };
    mark(0);
  };
  const notes = "#teks-note";
  document.addEventListener("click", (event) => {
    const area = event.target.closest("[data-sebut]") && document.querySelector(notes);
    if (!area) return;
    const choice = document.getElementById("pilih-note");
    const folded = area.closest("details");
    if (choice) choice.checked = true;
    if (folded) folded.open = true;
    area.focus();
    area.setRangeText((area.value && !/\s$/.test(area.value) ? " " : "") + "@", area.value.length, area.value.length, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("input", (event) => { if (event.target.matches(notes)) show(event.target); });
  document.addEventListener("focusout", (event) => { if (offer && event.target === offer.area) close(); });
  document.addEventListener("keydown", (event) => {
    if (!offer || event.target !== offer.area) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(offer.at + (event.key === "ArrowDown" ? 1 : -1)); }
    else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") { event.preventDefault(); choose(offer.names[offer.at]); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
  }, true);
})();
