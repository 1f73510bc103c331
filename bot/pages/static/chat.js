// The page of the web chat: shows what was said and what becomes of what is written here.
"use strict";
(function () {
  const { store, line } = window.helpdesk;
  const at = (id) => document.getElementById(id);
  const log = at("log");
  const list = at("messages");
  const form = at("form");
  const text = at("text");
  const state = at("state");
  const down = at("down");
  const STATES = { waiting: "Menunggu sambungan", sending: "Mengirim…", stored: "✓ Terkirim", handled: "✓✓ Diterima" };
  const TROUBLE = {
    away: "Tidak ada sambungan. Pesan Kakak dikirim begitu tersambung. ",
    trouble: "Sedang ada gangguan di sisi kami. Pesan Kakak dikirim begitu pulih. ",
  };
  const KEPT = ["Jangan tutup halaman ini dulu, ya.", "Sampai saat itu tersimpan di sini."];
  const FILES = { photo: "Foto", document: "Berkas" };
  const SIDE = 1600;
  const LINKS = /(https?:\/\/[^\s<>"”’]*[^\s<>"”’.,;:!?)])|\b(T-\d{6,})\b/g;
  const items = new Map();
  const pending = new Map();
  let typingUntil = 0;
  let unread = 0;
  let last = "";
  let sending = null;

  const clock = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });
  const day = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "short", timeZone: "Asia/Jakarta" });

  function make(tag, name, words) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (words) element.textContent = words;
    return element;
  }

  function button(words, name, press) {
    const element = make("button", name, words);
    element.type = "button";
    element.addEventListener("click", press);
    return element;
  }

  // Addresses and ticket numbers are found in plain words; nothing that was written ever becomes markup.
  function words(said, ours) {
    const place = make("p", "said");
    let from = 0;
    said.replace(LINKS, (found, link, ticket, where) => {
      if (!ours) return found;
      place.append(said.slice(from, where));
      const part = make(link ? "a" : "strong", "", found);
      if (link) Object.assign(part, { href: link, target: "_blank", rel: "noopener noreferrer nofollow" });
      place.append(part);
      from = where + found.length;
      return found;
    });
    place.append(said.slice(from));
    return place;
  }

  function foot(when, what) {
    const place = make("p", "foot");
    const time = make("time", "", clock.format(when) + " WIB");
    if (day.format(when) !== day.format(new Date())) time.textContent = day.format(when) + ", " + time.textContent;
    time.dateTime = when.toISOString();
    place.append(time);
    if (what) place.append(" · ", make("span", "fate", what));
    return place;
  }

  function draw(message) {
    const mine = message.from === "me";
    const item = make("li", mine ? "me" : message.from);
    const who = mine ? "Kakak:" : message.from === "agent" ? "Petugas " + (message.name || "") : "Bantuan Prakerja";
    item.append(make("p", mine ? "hidden" : "who", who));
    if (message.file) item.append(given(message.file));
    else if (message.kind) item.append(make("p", "file", FILES[message.kind]));
    if (message.text && message.text !== "[" + message.kind + "]") item.append(words(message.text, !mine));
    if (message.buttons.length) item.append(choices(message.buttons));
    item.append(foot(new Date(message.at), mine ? STATES.handled : ""));
    return item;
  }

  // A file of staff is fetched when it is asked for: data costs money.
  function given({ id, kind }) {
    const photo = kind === "photo";
    const place = button(photo ? "Lihat gambar" : "Unduh berkas", "", async () => {
      const { status, bytes } = await line.file(id);
      if (status !== 200) { place.textContent = "Belum terambil, coba lagi"; return; }
      const it = make(photo ? "img" : "a");
      it.alt = "Gambar dari petugas";
      it.download = "berkas.pdf";
      it.src = it.href = URL.createObjectURL(bytes);
      if (photo) place.replaceWith(it); else it.click();
    });
    return place;
  }

  function choices(buttons) {
    const place = make("div", "choices");
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "Pilihan jawaban");
    for (const { title, token } of buttons) {
      const choice = button(title, "", () => { place.remove(); text.focus(); say(title, { token }); });
      choice.dataset.token = token;
      place.append(choice);
    }
    return place;
  }

  function drawPending() {
    const near = isNear();
    const all = store.all();
    for (const [id, item] of pending) if (!all.some((message) => message.id === id)) { item.remove(); pending.delete(id); }
    for (const message of all) {
      const failed = message.state === "failed";
      const fate = failed ? "Gagal: " + message.why : STATES[message.id === sending ? "sending" : message.state];
      const before = pending.get(message.id);
      if (before && before.fate === fate) continue;
      const fresh = make("li", "me " + message.state);
      fresh.fate = fate;
      fresh.append(make("p", "hidden", "Kakak:"));
      if (message.kind) fresh.append(make("p", "file", FILES[message.kind]));
      fresh.append(words(message.text, false), foot(new Date(message.at), fate));
      if (failed) fresh.append(remedies(message));
      if (before) before.replaceWith(fresh); else list.append(fresh);
      pending.set(message.id, fresh);
    }
    settle(near);
  }

  function remedies(message) {
    const place = make("div", "choices");
    place.append(
      button("Kirim ulang", "", () => { text.focus(); line.again(message); }),
      button("Hapus", "", () => { text.focus(); store.remove(message); drawPending(); }),
    );
    return place;
  }

  function place(message) {
    if (items.has(message.position)) return;
    const item = draw(message);
    const mine = message.id && pending.get(message.id);
    if (mine) { mine.remove(); pending.delete(message.id); }
    let next = null;
    for (const [position, other] of items) if (position > message.position && (!next || position < next[0])) next = [position, other];
    list.insertBefore(item, next ? next[1] : pending.size ? pending.values().next().value : null);
    items.set(message.position, item);
  }

  const isNear = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;

  function settle(near) {
    at("empty").hidden = items.size + pending.size > 0;
    if (near) log.scrollTop = log.scrollHeight;
    down.hidden = near || isNear();
    const first = Math.min(...items.keys());
    at("earlier").hidden = !items.size || first <= 1;
  }

  function news(told, first) {
    const near = first || isNear();
    if (first) log.setAttribute("aria-live", "off");
    told.messages.forEach(place);
    if (told.offered) {
      for (const choice of list.querySelectorAll("button[data-token]")) {
        if (!told.offered.includes(choice.dataset.token)) choice.remove();
      }
    }
    drawPending();
    settle(near);
    const theirs = told.messages.filter((message) => message.from !== "me");
    if (theirs.length) typingUntil = 0;
    if (told.typing) typing();
    if (theirs.length && !first && (document.hidden || !seen)) tell((unread += theirs.length));
    if (first) setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
    status();
  }

  function typing() {
    typingUntil = Date.now() + 12000;
    setTimeout(status, 12100);
  }

  function status() {
    const words = last ? TROUBLE[last] + KEPT[Number(store.lasting())] : (Date.now() < typingUntil ? "Sedang mengecek…" : "");
    if (state.textContent !== words) state.textContent = words;
  }

  function say(said, more) {
    line.send(said, more);
    log.scrollTop = log.scrollHeight;
  }

  // What a site that embeds us is told: that it may close the frame, and how many messages wait. Never what they say.
  const host = new URLSearchParams(location.search).get("embed");
  let seen = true;
  function tell(waiting, close) {
    if (line.embedded && host) window.parent.postMessage({ helpdesk: close ? "close" : "unread", count: waiting }, host);
  }
  window.addEventListener("message", (said) => {
    if (said.source !== window.parent || !line.embedded || said.origin !== host) return;
    seen = said.data.helpdesk === "open";
    if (seen) { unread = 0; tell(0); (matchMedia("(pointer: fine)").matches ? text : at("title")).focus(); }
    line.show(seen);
  });
  if (line.embedded) {
    at("close").hidden = false;
    at("close").addEventListener("click", () => tell(0, true));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell(0, true); });
    tell(0);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    store.set("draft", null);
    grow();
    say(said);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at("send").click(); }
  });
  function grow() {
    text.rows = Math.min(6, text.value.split("\n").length + Math.floor(text.value.length / 60));
  }
  // A photo is made small before it is kept and sent: what is legible on a phone stays so, and a poor line carries it.
  async function attach(file) {
    const photo = file.type.startsWith("image/");
    let kept = file;
    if (photo && window.createImageBitmap) {
      try {
        const picture = await createImageBitmap(file);
        const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
        const canvas = make("canvas");
        Object.assign(canvas, { width: picture.width * scale, height: picture.height * scale });
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        kept = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8)) || file;
      } catch (unknown) { /* sent as it is: the help desk looks at it */ }
    }
    if (kept.size > 5e6) { state.textContent = "Berkas terlalu besar. Paling besar 5 MB."; return; }
    const reader = new FileReader();
    reader.onload = () => say(text.value.trim(), { file: reader.result, kind: photo ? "photo" : "document" });
    reader.onloadend = () => { text.value = ""; text.focus(); };
    reader.readAsDataURL(kept);
  }
  at("attach").addEventListener("click", () => at("file").click());
  at("file").addEventListener("change", () => {
    if (at("file").files[0]) attach(at("file").files[0]);
    at("file").value = "";
  });

  text.addEventListener("input", () => { store.set("draft", text.value || null); grow(); });
  text.value = store.get("draft") || "";
  grow();
  for (const example of document.querySelectorAll(".example")) {
    example.addEventListener("click", () => { text.value = example.textContent; text.focus(); });
  }
  down.addEventListener("click", () => { log.scrollTop = log.scrollHeight; text.focus(); });
  log.addEventListener("scroll", () => { down.hidden = isNear(); });
  at("earlier").addEventListener("click", async () => {
    const before = log.scrollHeight - log.scrollTop;
    const messages = await line.earlier(Math.min(...items.keys()));
    if (!messages) return;
    log.setAttribute("aria-live", "off");
    messages.forEach(place);
    log.scrollTop = log.scrollHeight - before;
    settle(false);
    setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  });
  at("anew").addEventListener("click", async () => { await line.anew(); location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && seen) tell((unread = 0)); });

  window.addEventListener("beforeunload", (event) => {
    if (!store.lasting() && store.next()) event.preventDefault();
  });

  function clear() {
    items.clear();
    pending.clear();
    list.textContent = "";
    settle(true);
  }

  document.documentElement.className = "ready";
  drawPending();
  line.start({
    news,
    changed: drawPending,
    typing,
    reset: clear,
    line(now) { last = now; status(); },
    sending(id) { sending = id; drawPending(); },
    ended(said) {
      clear();
      at("empty").hidden = true;
      form.hidden = true;
      at("ended").hidden = false;
      at("ended-words").textContent = said;
      at("anew").focus();
    },
  });
  if (navigator.serviceWorker && !line.embedded) navigator.serviceWorker.register("/offline.js").catch(() => null);
})();
