// The staff group: acts through the control API, redraws when the chat's stream says so.
"use strict";

const CHAT = Number(document.body.dataset.chat);
const PRIVATE = "private";
const state = { thread: null, replyTo: null, group: null, items: [], own: [], answered: new Set(), stream: null };

const account = () => JSON.parse($("who").selectedOptions[0].dataset.account);
const inPrivate = () => state.thread === PRIVATE;

function replyTo(item) {
  state.replyTo = item ? item.message_id : null;
  $("replying").hidden = !item;
  $("replied").textContent = item ? `Membalas: ${item.text.slice(0, 60)}` : "";
  if (item) $("text").focus();
}

async function act(more) {
  const where = inPrivate() ? {} : { group: { id: CHAT }, ...(state.thread ? { thread: state.thread } : {}) };
  const beside = state.replyTo ? { reply_to: state.replyTo } : {};
  replyTo(null);
  try {
    await call("POST", "/control/send", { as: account(), ...where, ...beside, ...more });
  } catch (error) {
    toast(error.message);
  }
  refresh();
}

function drawTopic(thread, name, colour, closed, count) {
  const row = element("li");
  const made = element("button", closed ? "closed" : "");
  made.type = "button";
  made.setAttribute("aria-current", state.thread === thread);
  made.append(element("span", `dot c${colour}`), element("span", "", `${name}${closed ? " · ditutup" : ""}`), element("small", "", count));
  made.addEventListener("click", () => { state.thread = thread; replyTo(null); refresh(); });
  row.append(made);
  return row;
}

function drawTopics() {
  const topics = state.group ? state.group.topics.filter((one) => !one.deleted) : [];
  const rows = topics.map((one) => drawTopic(one.thread_id, one.name, one.icon_color, one.closed, one.messages)).reverse();
  const general = drawTopic(null, "General", "general", false, state.items.filter((item) => !item.extra.thread).length);
  $("topics").replaceChildren(general, drawTopic(PRIVATE, "Obrolan pribadi dengan bot", "general", false, state.own.length), ...rows);
  const open = topics.find((one) => one.thread_id === state.thread);
  $("name").textContent = inPrivate() ? "Obrolan pribadi dengan bot" : open ? open.name : "General";
  $("acts").hidden = !open;
}

function draw(item) {
  if (item.type === "service") return element("li", "service", item.text);
  if (item.type === "press") {
    const row = element("li", "service", `${item.extra.by_name || "Anda"} menekan: ${item.text}`);
    if (item.extra.answer) row.append(element("span", "answer", `Bot: ${item.extra.answer}`));
    return row;
  }
  const mine = item.who === "person" && (inPrivate() || item.extra.by === account().id);
  const said = element("li", `said${mine ? " mine" : ""}`);
  const bubble = element("div", "bubble");
  bubble.append(element("span", "by", item.who === "bot" ? "Bot" : item.extra.by_name || "Anda"));
  const quoted = state.items.find((other) => other.message_id === item.extra.reply_to);
  if (quoted) bubble.append(element("span", "quote", quoted.text.slice(0, 80)));
  bubble.append(document.createTextNode(item.text || `[${item.type}]`));
  const meta = element("span", "meta");
  const pinned = state.group && state.group.topics.some((one) => one.pinned.includes(Number(item.message_id)));
  if (pinned) meta.append(element("span", "pin", "disematkan"));
  if (item.extra.reaction) meta.append(element("span", "reaction", item.extra.reaction));
  meta.append(element("time", "", time.format(item.at * 1000)));
  const back = element("button", "", "↩");
  back.type = "button";
  back.setAttribute("aria-label", "Balas pesan ini");
  back.addEventListener("click", () => replyTo(item));
  meta.append(back);
  bubble.append(meta);
  if (item.buttons.length) {
    const buttons = element("div", "buttons");
    for (const one of item.buttons) {
      const made = element(one.url ? "a" : "button", "", one.title);
      if (one.url) made.href = /^https?:/.test(one.url) ? one.url : "#";
      else made.addEventListener("click", () => act({ do: "press", token: one.data, reply_to: item.message_id }));
      buttons.append(made);
    }
    bubble.append(buttons);
  }
  said.append(bubble);
  return said;
}

function drawThread() {
  const shown = inPrivate() ? state.own : state.items.filter((item) => (item.extra.thread || null) === state.thread);
  const thread = $("thread");
  thread.replaceChildren(...shown.slice(-200).map(draw));
  thread.scrollTop = thread.scrollHeight;
  for (const item of shown) {
    if (item.type !== "press" || !item.extra.answer || state.answered.has(item.message_id)) continue;
    state.answered.add(item.message_id);
    if (item.extra.by === account().id) toast(item.extra.answer);
  }
}

async function refresh() {
  state.own = (await call("GET", `/control/chats/telegram/${account().id}`)).items;
  state.group = await call("GET", `/control/groups/${CHAT}`).catch(() => null);
  state.items = (await call("GET", `/control/chats/telegram/${CHAT}`)).items;
  const group = state.group;
  $("about").textContent = group ? `${group.title} · bot: ${group.deleted ? "grup dihapus" : group.bot.status}` : "belum ada";
  $("pace").textContent = group ? `${group.posts} pos, paling banyak ${group.most_in_a_minute} dalam semenit, ${group.refused} ditolak (429)` : "";
  drawTopics();
  drawThread();
}

const ADMIN = { status: "administrator", rights: {} };
const STANDINGS = { administrator: ADMIN, "no-topics": { status: "administrator", rights: { can_manage_topics: false } } };

function wire() {
  $("make").addEventListener("click", () => call("POST", "/control/groups", { id: CHAT }).then(refresh, (error) => toast(error.message)));
  $("forum").addEventListener("click", () => call("POST", "/control/groups", { id: CHAT, is_forum: !(state.group && state.group.is_forum) }).then(refresh));
  for (const button of document.querySelectorAll("[data-bot]")) {
    const given = STANDINGS[button.dataset.bot] || { status: button.dataset.bot };
    button.addEventListener("click", () => call("POST", `/control/groups/${CHAT}/bot`, given).then(refresh, (error) => toast(error.message)));
  }
  for (const button of document.querySelectorAll("[data-topic]")) button.addEventListener("click", () => act({ do: button.dataset.topic }));
  $("who").addEventListener("change", () => { replyTo(null); watch(); refresh(); });
  $("unreply").addEventListener("click", () => replyTo(null));
  $("photo").addEventListener("click", () => act({ do: "photo" }));
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("text").value;
    if (!text.trim()) return;
    $("text").value = "";
    act({ do: "text", text });
  });
  $("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("composer").requestSubmit(); } });
}

function watch() {
  if (state.stream) for (const one of state.stream) one.close();
  state.stream = [CHAT, account().id].map((chat) => {
    const stream = new EventSource(`/page/events/telegram/${chat}`);
    stream.onmessage = () => refresh().catch((error) => toast(error.message));
    return stream;
  });
}

wire();
watch();
refresh();
