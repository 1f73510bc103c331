// The answer box: suggestions and prepared words go into it to be edited, never sent by themselves; "/" opens the list.
"use strict";
(() => {
  const VARIABLE = /\{[a-z][a-z_]{1,29}\}/g;
  const body = document.body;
  const area = (kind = "reply") => document.getElementById(`teks-${kind}`);
  const source = (name) => {
    const input = document.createElement("input");
    input.type = "hidden"; input.name = "dari"; input.value = name;
    return input;
  };
  window.desk = { source };

  const show = (kind) => {
    const radio = document.getElementById(`pilih-${kind}`);
    if (radio) radio.checked = true;
    const fold = area(kind) && area(kind).closest("details.lipat");
    if (fold) fold.open = true;
    return area(kind);
  };
  const changed = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));
  const openVariable = (box) => {
    VARIABLE.lastIndex = 0;
    const found = VARIABLE.exec(box.value);
    if (found) box.setSelectionRange(found.index, found.index + found[0].length);
  };
  const put = (box, from, to, words, name) => {
    const gap = from === to && from > 0 && box.value.trim() ? (box.value.slice(0, from).endsWith("\n\n") ? "" : "\n\n") : "";
    box.setRangeText(gap + words, from, to, "end");
    const holder = box.form.querySelector("[data-sumber]");
    if (holder && name && ![...holder.children].some((it) => it.value === name)) holder.append(source(name));
    box.focus();
    openVariable(box);
    changed(box);
  };

  // --- keys b, c, s go to their box; a suggestion goes into the answer
  document.addEventListener("click", (event) => {
    const to = event.target.closest("[data-ke]");
    if (to) { event.preventDefault(); const box = show(to.dataset.ke); if (box) box.focus(); return; }
    const offered = event.target.closest("a[data-isi]");
    if (offered && area()) {
      event.preventDefault();
      const box = show("reply");
      put(box, box.value.length, box.value.length, offered.dataset.isi, offered.dataset.dari);
    }
  });

  // --- variables that still stand are named until they are filled
  const name = (box) => {
    const line = box.form && box.form.querySelector("[data-isi-dulu]");
    if (!line) return;
    const still = [...new Set(box.value.match(VARIABLE) || [])];
    line.hidden = !still.length;
    const words = still.length ? `Masih harus diisi: ${still.join(", ")}` : "";
    if (line.textContent !== words) line.textContent = words;
  };
  const nameAll = () => { for (const box of document.querySelectorAll("textarea[data-act]")) name(box); };
  document.addEventListener("input", (event) => { if (event.target.matches("textarea[data-act]")) { name(event.target); filter(event.target); } });
  document.addEventListener("submit", (event) => {
    const box = event.target.querySelector && event.target.querySelector("textarea[data-act=reply], textarea[data-act=resolve]");
    if (!box || !box.value.match(VARIABLE)) return;
    event.preventDefault(); event.stopImmediatePropagation();
    name(box); box.focus(); openVariable(box);
  }, true);

  // --- prepared words: a list under the box, filtered by what stands after the slash
  let list = null;
  let typing = null;
  let from = 0;
  let loading = false;
  const close = () => {
    if (!list) return;
    list.remove();
    list = null;
    if (typing) { typing.removeAttribute("aria-activedescendant"); typing.removeAttribute("aria-controls"); typing = null; }
  };
  const options = () => [...list.querySelectorAll("[role=option]")].filter((it) => !it.hidden);
  const mark = (it) => {
    for (const one of list.querySelectorAll("[role=option]")) one.setAttribute("aria-selected", String(one === it));
    if (it) { typing.setAttribute("aria-activedescendant", it.id); it.scrollIntoView({ block: "nearest" }); }
  };
  const wanted = (box) => {
    const before = box.value.slice(0, box.selectionStart);
    const found = /(^|\s)\/([a-z0-9-]*)$/i.exec(before);
    return found ? { at: before.length - found[2].length - 1, word: found[2].toLowerCase() } : null;
  };
  const choose = (it) => {
    const box = typing;
    const [begin, end, words, dari] = [from, box.selectionStart, it.dataset.isi, it.dataset.dari];
    close();
    put(box, begin, Math.max(begin, end), words, dari);
  };
  const filter = (box) => {
    if (!box.matches("[data-act=reply], [data-act=resolve]")) return;
    const asked = wanted(box);
    if (!asked) { close(); return; }
    if (!list) { open(box); return; }
    from = asked.at;
    const fits = (it) => {
      const { pintasan } = it.dataset;
      if (pintasan.startsWith(asked.word)) return 0;
      if (it.querySelector("strong").textContent.toLowerCase().includes(asked.word)) return 1;
      return pintasan.includes(asked.word) || (asked.word.length > 2 && it.dataset.isi.toLowerCase().includes(asked.word)) ? 2 : 3;
    };
    const all = [...list.querySelectorAll("[role=option]")].map((it) => [fits(it), it]);
    for (const [how, it] of all) it.hidden = how > 2;
    if (asked.word) list.querySelector(".siap").append(...all.sort((one, other) => one[0] - other[0]).map(([, it]) => it));
    mark(options()[0]);
    list.querySelector("[data-kosong]").hidden = options().length > 0;
  };
  const open = async (box) => {
    if (loading || list) return;
    const link = document.querySelector(`[data-siap-pakai=${box.dataset.act}]`);
    if (!link) return;
    loading = true;
    try {
      const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      list = document.createElement("div");
      list.className = "siap-daftar";
      list.innerHTML = await answer.text();
      const none = document.createElement("p");
      none.dataset.kosong = ""; none.hidden = true; none.className = "redup"; none.setAttribute("role", "status");
      none.textContent = "Tidak ada yang cocok. Esc untuk menutup.";
      list.append(none);
      box.form.insertBefore(list, box.form.querySelector("[data-sumber]"));
      typing = box;
      box.setAttribute("aria-controls", "siap-pakai");
      filter(box);
    } catch {
      close();
    } finally {
      loading = false;
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-siap-pakai]");
    if (link && area(link.dataset.siapPakai)) {
      event.preventDefault();
      if (list) { close(); return; }
      const box = show(link.dataset.siapPakai);
      box.focus();
      if (!wanted(box)) { box.setRangeText(`${box.value && !/\s$/.test(box.value) ? " " : ""}/`, box.selectionEnd, box.selectionEnd, "end"); changed(box); } else open(box);
      return;
    }
    const it = list && event.target.closest(".siap-daftar [role=option]");
    if (it) choose(it);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== typing) return;
    const shown = options();
    const at = shown.findIndex((it) => it.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(shown[(at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && at >= 0) {
      event.preventDefault();
      choose(shown[at]);
    } else if (event.key === "Escape") {
      event.preventDefault(); event.stopImmediatePropagation();
      close();
    }
  }, true);

  body.addEventListener("htmx:oobAfterSwap", () => { if (list && !list.isConnected) close(); nameAll(); });
  nameAll();
})();
