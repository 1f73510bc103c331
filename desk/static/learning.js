// Learning: the correction form is filled by keys without a wrong key ever choosing silently; the review page acts on the line one is at.
"use strict";
(() => {
  const body = document.body;
  const shown = (it) => it.getClientRects().length > 0;

  // --- the correction form beside a conversation
  const form = () => document.querySelector("[data-ralat-form]");
  const part = (name) => form() && form().querySelector(`[data-ralat-${name}]`);
  const rows = () => [...form().querySelectorAll(".ralat-daftar li")];
  const visible = () => rows().filter((row) => !row.hidden);
  const radio = (row) => row.querySelector("input");
  const label = (row) => row.querySelector("span").textContent.trim();
  const chosen = () => form().querySelector(".ralat-daftar input:checked");

  const tell = (words, lacking) => {
    part("pilihan").textContent = words;
    part("pilihan").classList.toggle("kurang", Boolean(lacking));
  };
  const choose = (row) => {
    radio(row).checked = true;
    row.scrollIntoView({ block: "nearest" });
    tell(`Dipilih: ${label(row)}. Enter untuk menyimpan.`);
  };
  const filter = () => {
    const words = part("saring").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows()) row.hidden = !words.every((word) => label(row).toLowerCase().includes(word));
    if (chosen() && chosen().closest("li").hidden) chosen().checked = false;
    if (!chosen()) tell(words.length ? `${visible().length} pilihan.` : "", !visible().length);
  };
  const guesses = () => {
    const option = part("pesan").selectedOptions[0];
    const first = (option.dataset.tebakan || "").split(" ").filter(Boolean);
    const list = form().querySelector(".ralat-daftar");
    for (const cap of list.querySelectorAll("kbd")) cap.remove();
    first.slice().reverse().forEach((name) => {
      const row = rows().find((one) => one.dataset.nama === name);
      if (row) list.prepend(row);
    });
    first.forEach((name, at) => {
      const row = rows().find((one) => one.dataset.nama === name);
      if (!row) return;
      const cap = document.createElement("kbd");
      cap.textContent = at + 1;
      radio(row).after(cap);
    });
    const other = document.querySelector("[data-ralat-ikut]");
    if (other) other.value = option.value;
  };
  const open = () => {
    const fold = document.getElementById("lipat-ralat");
    if (fold && !shown(part("saring"))) { fold.checked = !fold.checked; fold.dispatchEvent(new Event("change", { bubbles: true })); }
    part("saring").focus();
    part("saring").scrollIntoView({ block: "nearest" });
  };

  body.addEventListener("click", (event) => {
    if (event.target.closest("[data-ralat-buka]")) open();
  });
  body.addEventListener("input", (event) => {
    if (event.target.matches("[data-ralat-saring]")) filter();
  });
  body.addEventListener("change", (event) => {
    if (event.target.matches("[data-ralat-pesan]")) { event.target.dataset.dipilih = "ya"; guesses(); }
    if (event.target.matches(".ralat-daftar input")) choose(event.target.closest("li"));
  });
  body.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-ralat-saring]")) return;
    const search = event.target;
    if (/^[1-9]$/.test(event.key) && !search.value) {
      event.preventDefault();
      const row = rows().filter((one) => one.querySelector("kbd"))[Number(event.key) - 1];
      if (row) choose(row); else tell(`Tidak ada tebakan nomor ${event.key}.`, true);
    } else if (event.key === "ArrowDown" && visible().length) {
      event.preventDefault();
      choose(visible()[0]);
      radio(visible()[0]).focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen()) form().requestSubmit();
      else if (search.value && visible().length === 1) choose(visible()[0]);
      else tell(visible().length ? `Masih ${visible().length} pilihan: ketik lagi, atau pilih dengan panah.` : "Tidak ada keluhan bernama begitu.", true);
    }
  });

  // a message that comes in while the form is being filled must not empty it
  let kept = null;
  let done = false;
  const answers = () => [...document.querySelectorAll("#bagian-ralat [data-ralat-isi]")];
  const also = () => [...form().querySelectorAll("select[name=also]")];
  const ticket = () => form().elements.ticket;
  // null where nobody has touched it: then the newest message is the one that keys are about
  const filled = () => {
    const it = {
      message: part("pesan").value, picked: part("pesan").dataset.dipilih, words: part("saring").value,
      meant: chosen() && chosen().value, also: also().map((one) => one.value), ticket: !ticket() || ticket().checked,
      at: document.activeElement === part("saring"),
    };
    return it.picked || it.words || it.meant || it.also.some(Boolean) || !it.ticket || it.at ? it : null;
  };
  const refill = (it) => {
    if ([...part("pesan").options].some((one) => one.value === it.message)) { part("pesan").value = it.message; guesses(); }
    if (it.picked) part("pesan").dataset.dipilih = it.picked;
    part("saring").value = it.words;
    also().forEach((one, at) => { one.value = it.also[at] || ""; });
    if (it.also.some(Boolean)) also()[0].closest("details").open = true;
    if (ticket()) ticket().checked = it.ticket;
    const row = rows().find((one) => one.dataset.nama === it.meant);
    if (row) choose(row);
    filter();
    if (it.at) part("saring").focus();
  };
  body.addEventListener("htmx:beforeOnLoad", (event) => {
    done = Boolean(event.detail.elt.closest && event.detail.elt.closest("[data-ralat]")) && event.detail.xhr.status < 400;
  });
  body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id !== "bagian-ralat") return;
    kept = done ? null : { wanted: answers().map((one) => [one.dataset.ralatIsi, one.value, one === document.activeElement]), form: form() && filled() };
  });
  body.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id !== "bagian-ralat" || !kept) return;
    for (const [name, words, at] of kept.wanted) {
      const box = answers().find((one) => one.dataset.ralatIsi === name);
      if (!box) continue;
      box.value = words;
      if (at) box.focus();
    }
    if (form() && kept.form) refill(kept.form);
    kept = null;
  });

  // --- the review page: the keys belong to the line one is at
  const lines = () => [...document.querySelectorAll("[data-belajar] [data-baris]")];
  const take = (line) => {
    for (const one of document.querySelectorAll("[data-belajar] [data-tombol]")) delete one.dataset.tombol;
    if (line) for (const one of line.querySelectorAll("[data-peran]")) one.dataset.tombol = one.dataset.peran;
  };
  const current = () => document.activeElement && document.activeElement.closest("[data-belajar] [data-baris]");
  if (document.querySelector("[data-belajar]")) {
    take(lines()[0]);
    body.addEventListener("toggle", (event) => {
      if (event.target.matches(".untuk-artikel") && event.target.open && event.target.contains(document.activeElement)) event.target.querySelector("input").focus();
    }, true);
    body.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches(".untuk-artikel input")) { event.preventDefault(); event.target.parentElement.querySelector("button").click(); }
    });
    body.addEventListener("focusin", () => { if (current()) take(current()); });
    body.addEventListener("htmx:afterSwap", (event) => {
      const line = lines().find((one) => one.id === event.detail.target.id) || lines().find((one) => one.id === (event.detail.elt && event.detail.elt.id));
      if (!line) return;
      if (line.querySelector(".kabar.buruk")) { line.focus(); return; }
      const rest = lines();
      const next = rest.slice(rest.indexOf(line) + 1).find((one) => one.matches(".waiting"));
      (next || line).focus();
      (next || line).scrollIntoView({ block: "nearest" });
    });
  }
})();
