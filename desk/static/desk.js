// What the desk's pages do by themselves: say what failed, apply filters as they are chosen. Pages work without it.
"use strict";
(() => {
  const body = document.body;

  // --- a failed request says so; what was typed is still there
  const failed = () => {
    const news = document.getElementById("kabar");
    if (!news) return;
    const line = document.createElement("p");
    line.className = "kabar buruk";
    line.setAttribute("role", "alert");
    line.textContent = "Belum tersimpan: meja sedang tidak bisa dihubungi. Yang Anda isi masih ada; coba lagi.";
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
})();
