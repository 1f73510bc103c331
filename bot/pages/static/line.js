// The line to the help desk. Messages go out one at a time in the order they were written, each with its own id, again
// and again until we have it. News comes by a question that waits for its answer.
"use strict";
(function () {
  const { store } = window.helpdesk;
  const embedded = window.parent !== window;
  const POST_SECONDS = 25;
  const FILE_SECONDS = 300;
  const WAIT_SECONDS = 25;
  const LONGEST = 30;
  const HIDDEN_SECONDS = [20, 40, 80, 160, 300];
  const QUIET_SECONDS = 300;
  const OURS = -1;
  let on = {};
  let chat = null;
  let known = null;
  let after = null;
  let read = 0;
  let sending = false;
  let wake = null;
  let asking = null;
  let shown = true;
  let quiet = false;

  function ask(path, body, seconds) {
    const call = new XMLHttpRequest();
    let ours = false;
    const answer = new Promise((done) => {
      call.open(body ? "POST" : "GET", path);
      if (!body) call.responseType = "blob";
      else call.setRequestHeader("Content-Type", body.type || "application/json");
      call.timeout = seconds * 1000;
      const name = store.get("visitor");
      if (name) call.setRequestHeader("X-Helpdesk-Visitor", name);
      call.onloadend = () => {
        let told = {};
        try { told = JSON.parse(call.responseText || "{}"); } catch (broken) { /* a file, or a page of somebody in between */ }
        const again = Number(call.status && call.getResponseHeader("Retry-After")) || 0;
        done({ status: ours ? OURS : call.status, told, again, bytes: call.response });
      };
      call.send(body instanceof Blob ? body : JSON.stringify(body));
    });
    return { answer, hangUp() { ours = true; call.abort(); } };
  }

  function blob(url) {
    const bytes = atob(url.slice(url.indexOf(",") + 1));
    const array = new Uint8Array(bytes.length);
    for (let n = 0; n < bytes.length; n += 1) array[n] = bytes.charCodeAt(n);
    return new Blob([array], { type: "application/octet-stream" });
  }

  // Waits, and is woken by whatever gives hope: the line is back, the page is looked at, something was written.
  function rest(seconds) {
    return new Promise((done) => {
      const alarm = setTimeout(done, seconds * 1000);
      const others = wake;
      wake = () => { clearTimeout(alarm); done(); if (others) others(); };
    });
  }

  function hope() {
    const woken = wake;
    wake = null;
    if (woken) woken();
  }

  function later(tries, least) {
    return Math.max(least, Math.min(LONGEST, Math.pow(2, tries)) * (0.75 + Math.random() / 2));
  }

  // A name for whoever is new: a cookie no script reads, or kept by the page where a browser gives frames no cookies.
  async function begin(keep) {
    const { status, told } = await ask("/webchat/visitor", { embedded, keep }, POST_SECONDS).answer;
    if (told.visitor) store.set("visitor", told.visitor);
    return status === 200;
  }

  async function deliver() {
    if (sending || !chat) return;
    sending = true;
    let tries = 0;
    for (let message = store.next(); message && chat; message = store.next()) {
      if (message.chat && message.chat !== chat) {
        fail(message, "Obrolan di browser ini sudah berganti.");
        continue;
      }
      on.sending(message.id);
      const body = { id: message.id, text: message.text, token: message.token, chat };
      if (message.kind) Object.assign(body, { uploads: [message.id], picture: message.kind === "photo" });
      // the file first, under the message's id; the message then names it
      const part = message.file
        ? ask("/webchat/files/" + message.id, blob(message.file), FILE_SECONDS)
        : ask("/webchat/messages", body, POST_SECONDS);
      const { status, told, again } = await part.answer;
      on.sending(null);
      if (status === 202 && message.file) {
        tries = 0;
        store.change(message, { file: "" });
      } else if (status === 202) {
        tries = 0;
        quiet = false;
        store.change(message, { state: "stored", chat });
        on.line("");
        look();
      } else if (status === 400 || status === 409 || status === 413 || status === 415) {
        fail(message, told.error);
      } else {
        // 401: the next question finds out who we are. 429, 5xx and no answer at all: the same message again
        if (status === 401) { chat = null; look(); } else if (status !== 429) on.line(status ? "trouble" : "away");
        await rest(later(tries, again));
        tries += 1;
      }
      on.changed();
    }
    sending = false;
  }

  function fail(message, why) {
    store.change(message, { state: "failed", why: why || "tidak bisa dikirim" });
    on.changed();
  }

  function question(wait) {
    const ids = store.all().filter((message) => message.state !== "failed").slice(0, 40).map((message) => message.id);
    return { chat: known, after, wait, ids, got: after || 0, read };
  }

  async function listen() {
    let tries = 0;
    let nobody = 0;
    let hidden = 0;
    for (;;) {
      const watching = shown && !document.hidden;
      const wait = watching && after !== null ? WAIT_SECONDS : 0;
      const asked = Date.now();
      if (watching) { read = after || 0; hidden = 0; }
      asking = ask("/webchat/poll", question(wait), wait + 20);
      const { status, told, again } = await asking.answer;
      asking = null;
      if (status === OURS) continue;
      if (status === 200 && told.ended) { end(told.ended); return; }
      if (status === 200 && told.new) {
        nobody += 1;
        if (await begin(nobody > 1)) { if (nobody > 3) await rest(LONGEST); } else await rest(later(nobody, again));
        continue;
      }
      if (status !== 200 && status !== 204) {
        tries += 1;
        if (status !== 429) on.line(status ? "trouble" : "away");
        await rest(later(tries, again));
        continue;
      }
      tries = nobody = 0;
      on.line("");
      if (status === 200) take(told);
      deliver();
      // what has just come is acknowledged at once, seen or not
      if (again) await rest(again);
      else if (status === 200 && told.messages.length) continue;
      else if (!watching) { await rest(HIDDEN_SECONDS[Math.min(hidden, 4)]); hidden += 1; }
      else if (quiet && !store.next()) await rest(QUIET_SECONDS);
      else if (status === 204 && Date.now() - asked < 1000) await rest(3);
    }
  }

  function take(told) {
    const another = known !== null && told.chat !== known;
    chat = known = told.chat;
    quiet = Boolean(told.quiet);
    if (told.reset || (another && after)) {
      after = null;
      read = 0;
      on.reset();
      return;
    }
    const first = after === null;
    after = told.messages.reduce((most, message) => Math.max(most, message.position), after || 0);
    const mine = store.all();
    for (const message of mine) {
      const state = (told.states || {})[message.id];
      if (state === "handled") store.remove(message);
      else if (state === "ignored") store.change(message, { state: "failed", why: "terlalu banyak pesan sekaligus", anew: true });
      else if (state && message.state === "waiting") store.change(message, { state: "stored", chat });
    }
    on.news(told, first);
  }

  async function earlier(before) {
    const { status, told } = await ask("/webchat/poll", { before }, POST_SECONDS).answer;
    return status === 200 ? told.messages : null;
  }

  // Asks at once: the answer to what was asked before would not tell what we want to know.
  function look() {
    if (asking) asking.hangUp();
    hope();
  }

  function end(words) {
    for (const message of store.all()) store.remove(message);
    store.set("draft", null);
    chat = known = after = null;
    on.ended(words);
  }

  window.helpdesk.line = {
    start(handlers) {
      on = handlers;
      window.addEventListener("online", hope);
      window.addEventListener("storage", () => { on.changed(); look(); });
      document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
      listen();
    },
    send(text, more) {
      store.add(text, Object.assign({ chat: chat || undefined }, more));
      on.changed();
      deliver();
      hope();
    },
    again(message) {
      if (message.anew || (message.chat && message.chat !== chat)) {
        store.remove(message);
        const { file, kind } = message;
        store.add(message.text, { file, kind, chat, token: message.anew ? message.token : undefined });
      } else store.change(message, { state: "waiting" });
      on.changed();
      deliver();
      hope();
    },
    file: (id) => ask("/webchat/files/" + id, null, 60).answer,
    show(seen) { shown = seen; if (seen) look(); },
    async anew() { if (await begin(false)) listen(); },
    earlier,
    embedded,
  };
})();
