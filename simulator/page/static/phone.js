// The phone page: picks a person and a channel, sends through the control API, redraws when the stream says so.
"use strict";

const phone = $("phone");
const KINDS = { venue: "Tempat", service: "Kabar grup", contact: "Kontak", photo: "Foto", voice: "Pesan suara", sticker: "Stiker", document: "Dokumen", location: "Lokasi", reaction: "Reaksi", press: "Menekan" };
const TICKS = { queued: ["✓", "terkirim"], delivered: ["✓✓", "sampai"], read: ["✓✓", "dibaca"], dropped: ["!", "tidak sampai"], failed: ["!", "gagal"] };
const day = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: "Asia/Jakarta" });
const remembered = new URLSearchParams(location.hash.slice(1));
const state = { key: remembered.get("sebagai"), channel: remembered.get("saluran") || "telegram", people: new Map(), stream: null, seen: 0, items: [], replyTo: null, group: { id: -7700, type: "group", title: "RT 03 Maju" }, blocked: new Set() };

// The group tab is Telegram too: the same people, another chat.
const inGroup = () => state.channel === "group";
const channelOf = () => (inGroup() ? "telegram" : state.channel);
const chatOf = () => (inGroup() ? state.group.id : state.key);

function replyTo(item) {
  state.replyTo = item ? item.message_id : null;
  $("replying").hidden = !item;
  $("replied").textContent = item ? `Membalas: ${item.text.slice(0, 60) || KINDS[item.type] || "pesan"}` : "";
  if (item) $("text").focus();
}

async function act(more) {
  const beside = { ...(inGroup() ? { group: state.group } : {}), ...(state.replyTo ? { reply_to: state.replyTo } : {}) };
  replyTo(null);
  try {
    const { sent } = await call("POST", "/control/send", { as: state.key, channel: channelOf(), ...beside, ...more });
    if (more.do === "migrate") {
      state.group = { ...state.group, id: Number(sent[0].chat), type: "supergroup" };
      open();
    }
  } catch (error) {
    toast(error.message);
  }
}

function drawButtons(item) {
  const box = element("div", "buttons");
  for (const button of item.buttons) {
    const made = element(button.url ? "a" : "button", "", button.title);
    if (button.url) {
      made.href = /^https?:/.test(button.url) ? button.url : "#";
      made.rel = "noreferrer";
    } else {
      made.type = "button";
      if (button.description) made.append(element("small", "", button.description));
      made.addEventListener("click", () => act({ do: "press", token: button.data }));
    }
    box.append(made);
  }
  return box;
}

function drawMeta(item) {
  const meta = element("span", "meta");
  if (item.extra.edited) meta.append(element("span", "", "diubah"));
  meta.append(element("time", "", time.format(item.at * 1000)));
  const tick = TICKS[item.status];
  if (tick && (item.who === "person" || item.status === "failed")) {
    const bad = item.status === "dropped" || item.status === "failed";
    const drawn = element("span", `ticks ${item.status === "read" ? "read" : ""} ${bad ? "bad" : ""}`, tick[0]);
    drawn.title = tick[1];
    drawn.setAttribute("aria-label", tick[1]);
    meta.append(drawn);
  }
  return meta;
}

function drawPicture(item) {
  const picture = element("img", `picture ${item.type}`);
  picture.src = `/page/pictures/${encodeURIComponent(item.extra.sample)}`;
  picture.alt = item.extra.sample;
  picture.addEventListener("error", () => picture.remove());
  return picture;
}

function quoted(item) {
  if (item.extra.quote) return item.extra.quote;
  const said = state.items.find((other) => other.message_id === item.extra.reply_to);
  return said ? said.text.slice(0, 80) || KINDS[said.type] || "pesan" : "pesan";
}

function drawReply(item) {
  const made = element("button", "reply", "↩");
  made.type = "button";
  made.title = "Balas";
  made.setAttribute("aria-label", "Balas pesan ini");
  made.addEventListener("click", () => replyTo(item));
  return made;
}

function draw(item) {
  const said = element("li", `said ${item.who === "person" ? "person" : "bot"}`);
  const bubble = element("div", "bubble");
  if (item.extra.forwarded) bubble.append(element("span", "kind passed", "Diteruskan dari Tetangga"));
  if (item.extra.reply_to) bubble.append(element("span", "quote", quoted(item)));
  if (item.extra.file && item.type === "document") bubble.append(element("span", "kind", `${item.extra.file.name} `));
  if (KINDS[item.type]) bubble.append(element("span", "kind", KINDS[item.type] + (item.text ? ": " : "")));
  if (item.extra.sample && (item.type === "photo" || item.type === "sticker")) bubble.append(drawPicture(item));
  bubble.append(document.createTextNode(item.text));
  const meta = drawMeta(item);
  if (channelOf() === "telegram" && /^\d+$/.test(item.message_id)) meta.append(drawReply(item));
  bubble.append(meta);
  said.append(bubble);
  if (item.type === "list") said.append(element("span", "list-label", item.extra.list_button));
  if (item.buttons.length) said.append(drawButtons(item));
  if (item.n > state.seen) said.classList.add("new");
  return said;
}

function drawThread(items) {
  const thread = $("thread");
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  const drawn = [];
  let last = "";
  for (const item of items.slice(-300)) {
    const today = day.format(item.at * 1000);
    if (today !== last) drawn.push(element("li", "day", today));
    last = today;
    drawn.push(draw(item));
  }
  thread.replaceChildren(...drawn);
  const newest = items.length ? items[items.length - 1].n : 0;
  if (atEnd || newest > state.seen) thread.scrollTop = thread.scrollHeight;
  state.seen = newest;
}

function drawKeyboard(items) {
  const shown = [];
  for (const item of items) {
    if (item.who !== "bot") continue;
    if (item.keyboard.length) shown.splice(0, shown.length, ...item.keyboard);
    else if (item.extra.remove_keyboard) shown.length = 0;
  }
  const buttons = shown.map((key) => {
    const made = element("button", "", key.title);
    made.type = "button";
    made.addEventListener("click", () => act(key.request_contact ? { do: "contact", how: "own" } : { do: "text", text: key.title }));
    return made;
  });
  $("keyboard").replaceChildren(...buttons);
}

function drawStarters(items) {
  const said = new Set(items.filter((item) => item.who === "person").map((item) => item.text));
  const left = inGroup() ? [] : state.people.get(state.key).first_messages.filter((text) => !said.has(text));
  const chips = left.map((text) => {
    const chip = element("button", "", text);
    chip.type = "button";
    chip.title = text;
    chip.addEventListener("click", () => act({ do: "text", text }));
    return chip;
  });
  $("starters").replaceChildren(...chips);
}

async function refresh() {
  const { key, channel } = state;
  const chat = await call("GET", `/control/chats/${channelOf()}/${chatOf()}`);
  if (key !== state.key || channel !== state.channel) return;
  state.items = chat.items;
  drawDoing(chat.doing);
  // the thread last: what stands below it takes height from it
  drawKeyboard(chat.items);
  drawStarters(chat.items);
  drawThread(chat.items);
  const unread = chat.items.some((item) => item.who === "bot" && item.status !== "read" && item.status !== "failed");
  if (channel === "whatsapp" && unread && document.visibilityState === "visible") {
    await call("POST", `/control/whatsapp/read?who=${encodeURIComponent(key)}`);
  }
}

function drawDoing(doing) {
  clearTimeout(drawDoing.timer);
  if (doing) drawDoing.timer = setTimeout(() => drawDoing(null), 5000);
  const standing = state.blocked.has(`${state.channel}:${state.key}`) ? "diblokir" : "bot · gladi";
  $("standing").textContent = doing ? "mengetik…" : standing;
}

function open() {
  location.hash = new URLSearchParams({ sebagai: state.key, saluran: state.channel });
  phone.className = `phone ${state.channel}`;
  for (const person of document.querySelectorAll(".choice")) person.setAttribute("aria-pressed", person.dataset.key === state.key);
  for (const tab of document.querySelectorAll("[data-channel]")) tab.setAttribute("aria-selected", tab.dataset.channel === state.channel);
  $("pick").value = state.key;
  drawDoing(null);
  replyTo(null);
  state.seen = Infinity;
  if (state.stream) state.stream.close();
  state.stream = new EventSource(`/page/events/${channelOf()}/${chatOf()}`);
  state.stream.onmessage = () => { refresh().catch((error) => toast(error.message)); };
  state.stream.onerror = () => { $("standing").textContent = "menyambung lagi…"; };
  state.stream.onopen = () => drawDoing(null);
}

async function drawFaults() {
  const { on } = await call("GET", "/control/faults");
  $("fault-count").hidden = !on.length;
  $("fault-count").textContent = on.length;
  $("on").replaceChildren(...on.map((fault) => {
    const row = element("li", "", `${fault.target} · ${fault.kind}${fault.count ? ` ×${fault.count}` : ""}`);
    const off = element("button", "", "hapus");
    off.type = "button";
    off.addEventListener("click", () => call("DELETE", `/control/faults/${fault.id}`).then(drawFaults));
    row.append(off);
    return row;
  }));
  if (!on.length) $("on").append(element("li", "", "tidak ada"));
}

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

function submit(event) {
  event.preventDefault();
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  grow();
  act({ do: "text", text });
}

function attach(button) {
  $("menu").hidden = true;
  const { do: what, how, sample, forwarded } = button.dataset;
  const text = $("text").value;
  if (what === "edit" && !text.trim()) return toast("Tulis dulu teks barunya.");
  $("text").value = "";
  if (what === "contact") return act({ do: what, how });
  if (forwarded && !text.trim()) return toast("Tulis dulu teks yang diteruskan.");
  if (forwarded) return act({ do: what, text, forwarded: true });
  return act({ do: what, text, ...(sample ? { sample } : {}) });
}

async function block() {
  const name = `${state.channel}:${state.key}`;
  const unblock = state.blocked.delete(name);
  if (!unblock) state.blocked.add(name);
  if (channelOf() === "telegram") await act({ do: unblock ? "unblock" : "block" });
  else await call("POST", "/control/standing", { channel: "whatsapp", who: state.key, ...(unblock ? {} : { undeliverable: 131026 }) });
  drawDoing(null);
}

async function forge() {
  const body = JSON.stringify({ update_id: 1, message: { message_id: 1, text: "palsu" } });
  const { statuses } = await call("POST", "/control/raw", { channel: channelOf(), body, proof: "wrong" });
  toast(`Bot menjawab ${statuses[0]}.`);
}

function wire() {
  for (const person of document.querySelectorAll(".choice")) person.addEventListener("click", () => { state.key = person.dataset.key; open(); });
  for (const tab of document.querySelectorAll("[data-channel]")) tab.addEventListener("click", () => { state.channel = tab.dataset.channel; open(); });
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => attach(button));
  for (const button of document.querySelectorAll("[data-fault]")) {
    button.addEventListener("click", async () => {
      const fault = JSON.parse(button.dataset.fault.replace("{channel}", channelOf()));
      await call("POST", "/control/faults", fault).catch((error) => toast(error.message));
      drawFaults();
    });
  }
  $("pick").addEventListener("change", () => { state.key = $("pick").value; open(); });
  $("attach").addEventListener("click", () => {
    $("menu").hidden = !$("menu").hidden;
    $("attach").setAttribute("aria-expanded", !$("menu").hidden);
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".attach")) $("menu").hidden = true; });
  $("composer").addEventListener("submit", submit);
  $("unreply").addEventListener("click", () => replyTo(null));
  $("text").addEventListener("input", grow);
  $("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) submit(event); });
  $("off").addEventListener("click", () => call("DELETE", "/control/faults").then(drawFaults));
  $("block").addEventListener("click", () => block().catch((error) => toast(error.message)));
  $("forge").addEventListener("click", () => forge().catch((error) => toast(error.message)));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
}

async function start() {
  for (const person of await call("GET", "/control/people")) state.people.set(person.key, person);
  if (!state.people.has(state.key)) state.key = [...state.people.keys()][0];
  $("faults").open = window.innerWidth > 1020;
  wire();
  open();
  drawFaults();
  setInterval(drawFaults, 4000);
}

if (phone) start();
