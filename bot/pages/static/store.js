// What was written here and is not answered for yet: kept in this browser before it is sent, so it survives a reload, a
// crash and a flat battery. One key a message: two tabs never write over each other.
"use strict";
(function () {
  const PREFIX = "helpdesk.out.";
  let lasting = true;
  const kept = memory();
  const spare = new Map();
  let latest = 0;

  function memory() {
    try {
      localStorage.setItem("helpdesk.try", "1");
      localStorage.removeItem("helpdesk.try");
      return localStorage;
    } catch (refused) {
      // a browser that lets us keep nothing: as long as the page lives
      lasting = false;
      const map = new Map();
      return {
        get length() { return map.size; },
        key: (n) => Array.from(map.keys())[n],
        getItem: (key) => (map.has(key) ? map.get(key) : null),
        setItem: (key, value) => map.set(key, value),
        removeItem: (key) => map.delete(key),
      };
    }
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function read(key) {
    try {
      const message = JSON.parse(spare.get(key) || kept.getItem(key));
      return message && message.id ? Object.assign(message, { key }) : null;
    } catch (broken) {
      return null;
    }
  }

  function all() {
    const keys = Array.from(spare.keys());
    for (let n = 0; n < kept.length; n += 1) if (String(kept.key(n)).startsWith(PREFIX)) keys.push(kept.key(n));
    return keys.sort().map(read).filter(Boolean);
  }

  function write(message) {
    const body = Object.assign({}, message);
    delete body.key;
    const said = JSON.stringify(body);
    try {
      kept.setItem(message.key, said);
      spare.delete(message.key);
    } catch (full) {
      // no room: kept by this page alone
      kept.removeItem(message.key);
      spare.set(message.key, said);
    }
  }

  window.helpdesk = window.helpdesk || {};
  window.helpdesk.store = {
    all,
    // state: waiting (not with us yet), stored (with us), failed (why says why)
    add(text, more) {
      const last = all().pop();
      // a clock that was set back must not put a new message before an old one
      latest = Math.max(Date.now(), latest + 1, last ? Number(last.key.slice(PREFIX.length).split(".")[0]) + 1 : 0);
      const id = newId();
      const key = PREFIX + String(latest).padStart(15, "0") + "." + id;
      write(Object.assign({ key, id, text, state: "waiting", at: Date.now() }, more));
    },
    change(message, values) {
      const now = read(message.key);
      if (now) write(Object.assign(now, values));
    },
    remove(message) {
      spare.delete(message.key);
      kept.removeItem(message.key);
    },
    next: () => all().find((message) => message.state === "waiting"),
    get: (name) => kept.getItem("helpdesk." + name),
    set(name, value) {
      try {
        if (value === null) kept.removeItem("helpdesk." + name);
        else kept.setItem("helpdesk." + name, value);
      } catch (full) { /* it is only a convenience */ }
    },
    lasting: () => lasting && !spare.size,
  };
})();
