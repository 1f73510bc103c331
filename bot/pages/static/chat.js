// The web chat: every message has an id of its own, so sending it again after a lost line is harmless.
"use strict";
(() => {
  const list = document.getElementById("messages");
  const form = document.getElementById("form");
  const text = document.getElementById("text");
  const state = document.getElementById("state");
  const waiting = [];
  let after = 0;
  let sending = false;

  const clock = (iso) => new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" })
    .format(new Date(iso)) + " WIB";

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  };

  function show(message) {
    const item = document.createElement("li");
    if (message.from === "me") item.className = "me";
    item.append(document.createTextNode(message.text));
    if (message.buttons.length) {
      const choices = document.createElement("div");
      choices.className = "choices";
      for (const button of message.buttons) {
        const choice = document.createElement("button");
        choice.type = "button";
        choice.textContent = button.title;
        choice.addEventListener("click", () => { choices.remove(); send(button.title, button.token); });
        choices.append(choice);
      }
      item.append(choices);
    }
    const time = document.createElement("time");
    time.dateTime = message.at;
    time.textContent = clock(message.at);
    item.append(time);
    list.append(item);
    list.scrollTop = list.scrollHeight;
  }

  function end(words) {
    list.replaceChildren();
    document.getElementById("empty").remove();
    form.remove();
    state.textContent = words;
  }

  async function fetchNew() {
    try {
      const answer = await fetch(`/webchat/messages?after=${after}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { messages, ended } = await answer.json();
      if (ended) { end(ended); return; }
      for (const message of messages) { after = Math.max(after, message.position); show(message); }
      if (messages.some((m) => m.from !== "me")) state.textContent = "";
    } catch {
      state.textContent = "Sambungan terputus; kami coba lagi.";
    }
    setTimeout(fetchNew, document.hidden ? 8000 : 1200);
  }

  async function drain() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      try {
        const answer = await fetch("/webchat/messages", {
          method: "POST", credentials: "same-origin",
          headers: { "Content-Type": "application/json" }, body: JSON.stringify(waiting[0]),
        });
        if (answer.status >= 500) throw new Error(String(answer.status));
        if (!answer.ok) {
          state.textContent = (await answer.json()).error;
          text.value = text.value || waiting[0].text;
        } else {
          state.textContent = "Terkirim. Menunggu jawaban…";
        }
        waiting.shift();
      } catch {
        state.textContent = "Belum terkirim; kami coba lagi.";
        await new Promise((again) => setTimeout(again, 2000));
      }
    }
    sending = false;
  }

  function send(said, token) {
    waiting.push({ id: newId(), text: said, token: token || null });
    state.textContent = "Mengirim…";
    drain();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    send(said, null);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  for (const example of document.querySelectorAll(".example")) {
    example.addEventListener("click", () => { text.value = example.textContent; text.focus(); });
  }
  fetchNew();
})();
