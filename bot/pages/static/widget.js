// The help desk on any site: <script src="https://BOT/static/widget.js" async></script>. A button opens our chat page in
// a frame of its own, so this site reads nothing of it. For old browsers on purpose: no syntax younger than 2009.
(function () {
  "use strict";
  var script = document.currentScript || document.querySelector("script[src*='/static/widget.js']");
  if (!script || window.helpdeskWidget) return;
  var origin = script.src.replace(/^(https?:\/\/[^\/]+).*$/, "$1");
  var said = function (name, otherwise) { return script.getAttribute("data-" + name) || otherwise; };
  var label = said("label", "Bantuan Prakerja");
  var side = said("position", "right") === "left" ? "left" : "right";
  var color = /^#[0-9a-f]{6}$/i.test(said("color", "")) ? said("color") : "#0b6e63";
  var chat = origin + "/chat";
  var frame = null;
  var shown = false;
  var ready = false;

  function light(hex) {
    var sum = 0;
    [0.2126, 0.7152, 0.0722].forEach(function (weight, n) {
      var part = parseInt(hex.substr(1 + 2 * n, 2), 16) / 255;
      sum += weight * (part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    });
    return sum;
  }

  // one by one through the object model: a site's policy may forbid style attributes
  function dress(element, rules) {
    for (var name in rules) element.style.setProperty(name, rules[name], "important");
  }

  var INK = light(color) > 0.18 ? "#000000" : "#ffffff";
  var BUTTON = {
    all: "initial", position: "fixed", bottom: "16px", "z-index": "2147483000", "box-sizing": "border-box",
    "min-height": "48px", "max-width": "calc(100vw - 32px)", padding: "12px 18px", "border-radius": "24px",
    border: "2px solid " + INK, background: color, color: INK, font: "600 16px/1.4 system-ui, sans-serif",
    cursor: "pointer", "text-decoration": "none", "box-shadow": "0 2px 10px rgba(0,0,0,.3)"
  };
  BUTTON[side] = "16px";

  // a link first: where anything below fails it still leads to the chat
  var button = document.createElement("a");
  button.href = chat;
  button.target = "_blank";
  button.rel = "noopener";
  button.textContent = label;
  button.setAttribute("role", "button");
  button.setAttribute("aria-expanded", "false");
  dress(button, BUTTON);
  button.onfocus = function () { dress(button, { outline: "3px solid " + color, "outline-offset": "3px" }); };
  button.onblur = function () { dress(button, { outline: "none" }); };

  function small() { return window.innerWidth < 600 || window.innerHeight < 480; }

  function fit() {
    if (!frame) return;
    // a height for browsers that do not know min()
    var rules = {
      all: "initial", height: "560px", position: "fixed", "z-index": "2147483001", border: "0", background: "#fff",
      display: shown ? "block" : "none", "color-scheme": "light dark"
    };
    var place = small()
      ? { left: "0", top: "0", width: "100%", height: "100%" }
      : { bottom: "16px", width: "400px", height: "min(640px, calc(100vh - 32px))", "border-radius": "14px",
          "box-shadow": "0 6px 30px rgba(0,0,0,.35)" };
    if (!small()) place[side] = "16px";
    frame.removeAttribute("style");
    dress(frame, rules);
    dress(frame, place);
  }

  function tell(what) {
    if (ready) frame.contentWindow.postMessage({ helpdesk: what }, origin);
  }

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.src = chat + "?embed=" + encodeURIComponent(location.origin);
      document.body.appendChild(frame);
      setTimeout(function () {
        // no sign of life: the page itself, where nothing stands between
        if (!ready) { shut(); button.onclick = null; window.open(chat, "_blank", "noopener"); }
      }, 20000);
    }
    shown = true;
    button.setAttribute("aria-expanded", "true");
    dress(button, { visibility: "hidden" });
    fit();
    frame.focus();
    tell("open");
  }

  function shut() {
    shown = false;
    button.setAttribute("aria-expanded", "false");
    dress(button, { visibility: "visible" });
    fit();
    tell("closed");
    button.focus();
  }

  function count(unread) {
    button.textContent = unread ? label + " (" + unread + ")" : label;
    button.setAttribute("aria-label", unread ? label + ", " + unread + " pesan baru" : label);
  }

  button.onclick = function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !window.postMessage) return true;
    open();
    event.preventDefault();
    return false;
  };
  button.onkeydown = function (event) {
    if (event.key === " ") { open(); event.preventDefault(); }
  };
  window.addEventListener("message", function (event) {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow || !event.data) return;
    if (!ready) { ready = true; if (shown) tell("open"); }
    if (event.data.helpdesk === "close") shut();
    if (event.data.helpdesk === "unread") count(event.data.count | 0);
  });
  window.addEventListener("keydown", function (event) { if (event.key === "Escape" && shown) shut(); });
  window.addEventListener("resize", fit);

  function begin() { document.body.appendChild(button); }
  window.helpdeskWidget = { open: open, close: shut };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
