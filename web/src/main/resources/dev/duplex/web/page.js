// The left half of the page: connect, send, and see each message.

import { element, size } from "./frame.js";
import { endless } from "./log.js";
import { watch } from "./wire.js";
import { knows, language, say, translate } from "./words.js";

const KEPT = 500;            // messages shown; the oldest go
const SHOWN_CHARACTERS = 4000;
const SHOWN_BYTES = 256;
const BASE = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

const byId = id => document.getElementById(id);
const messages = byId("messages"), send = byId("send"), connect = byId("connect"), complaint = byId("complaint");
const append = endless(messages, KEPT);
const chosen = name => document.querySelector(`input[name=${name}]:checked`).value;

let socket = null;
let unanswered = [];         // when each message to the echo was sent, oldest first

function path() {
  const endpoint = chosen("endpoint");
  return endpoint === "room" ? `/room/${encodeURIComponent(byId("room").value.trim() || "lobby")}` : `/${endpoint}`;
}

// The close codes that a page may see, in words (RFC 6455 §7.4.1).
const closeWord = code => say(knows(String(code)) ? String(code) : "otherCode");

function setState(state, words) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = words;
  const isIdle = state === "closed" || state === "failed";
  connect.textContent = say(isIdle ? "connect" : "disconnect");
  connect.classList.toggle("leave", !isIdle);
  send.disabled = state !== "open";
  for (const input of document.querySelectorAll("input[name=endpoint], #room")) input.disabled = !isIdle;
}

async function open() {
  const to = path();
  setState("connecting", say("connectingTo"));
  const opening = socket = { close: () => { socket = null; setState("closed", say("notConnected")); } };
  const token = await watch(BASE);
  if (socket !== opening) return; // given up while waiting
  socket = new WebSocket(`${BASE}${to}${token ? `?wire=${token}` : ""}`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    unanswered = [];
    setState("open", say("connectedTo", { path: to }));
    note(say("noteConnected", { path: to }));
    focusEntry();
  };
  socket.onmessage = event => {
    const sentAt = to === "/echo" ? unanswered.shift() : undefined;
    add("received", event.data, sentAt && performance.now() - sentAt);
  };
  socket.onclose = event => {
    const words = `${event.code} ${closeWord(event.code)}${event.reason ? `, “${event.reason}”` : ""}`;
    const isClean = event.wasClean && [1000, 1001, 1005].includes(event.code);
    note(say("noteClosed", { words }), !isClean);
    setState(isClean ? "closed" : "failed", say("closed", { words }));
    socket = null;
  };
}

byId("connect-form").onsubmit = event => {
  event.preventDefault();
  if (socket) socket.close(1000);
  else open();
};

for (const radio of document.querySelectorAll("input[name=endpoint]")) radio.onchange = describe;

function describe() {
  byId("about").textContent = say(`${chosen("endpoint")}About`);
  byId("room-field").hidden = chosen("endpoint") !== "room";
}

// Composing

for (const radio of document.querySelectorAll("input[name=kind]")) {
  radio.onchange = () => {
    for (const kind of ["text", "hex", "file"]) byId(`${kind}-field`).hidden = kind !== chosen("kind");
    complaint.textContent = "";
  };
}

function focusEntry() {
  byId(chosen("kind")).focus({ preventScroll: true });
}

byId("text").addEventListener("input", fitText);
byId("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (!send.disabled) byId("send-form").requestSubmit();
  }
});

function fitText() {
  const text = byId("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

byId("send-form").onsubmit = async event => {
  event.preventDefault();
  complaint.textContent = "";
  try {
    const data = await composed();
    if (socket?.readyState !== WebSocket.OPEN) throw new Error(say("notConnectedNow"));
    unanswered.push(performance.now());
    socket.send(data);
    add("sent", data);
    byId("text").value = byId("hex").value = "";
    fitText();
    focusEntry();
  } catch (error) {
    complaint.textContent = error.message;
  }
};

/** What to send: a string, or an ArrayBuffer. */
async function composed() {
  switch (chosen("kind")) {
    case "text": return byId("text").value;
    case "hex": return bytesOfHex(byId("hex").value);
    default: {
      const file = byId("file").files[0];
      if (!file) throw new Error(say("fileFirst"));
      return file.arrayBuffer();
    }
  }
}

function bytesOfHex(text) {
  const digits = text.replace(/0x|[\s,:]/gi, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(say("badHex"));
  return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16)).buffer;
}

// Showing

function add(way, data, roundTrip) {
  const isText = typeof data === "string";
  const bytes = isText ? new TextEncoder().encode(data).length : data.byteLength;
  const facts = element("div", "facts", element("b", "", say(way === "sent" ? "sentMark" : "receivedMark")),
    ` · ${say(isText ? "isText" : "isBinary", { size: size(bytes) })}`);
  if (roundTrip !== undefined) facts.append(` · ${say("roundTrip", { millis: roundTrip.toFixed(1) })}`);
  append(element("li", `message ${way}`, isText ? textBubble(data) : bytesBubble(data), facts));
}

function textBubble(text) {
  if (text === "") return element("div", "bubble nothing", say("emptyMessage"));
  const more = text.length > SHOWN_CHARACTERS ? say("moreCharacters", { count: (text.length - SHOWN_CHARACTERS).toLocaleString(language) }) : "";
  return element("div", "bubble", text.slice(0, SHOWN_CHARACTERS) + more);
}

function bytesBubble(buffer) {
  if (buffer.byteLength === 0) return element("div", "bubble nothing", say("emptyMessage"));
  const shown = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, SHOWN_BYTES));
  const pairs = Array.from(shown, byte => byte.toString(16).padStart(2, "0"));
  const lines = [];
  for (let i = 0; i < pairs.length; i += 16) lines.push(pairs.slice(i, i + 16).join(" "));
  if (buffer.byteLength > SHOWN_BYTES) lines.push(say("moreBytes", { count: (buffer.byteLength - SHOWN_BYTES).toLocaleString(language) }));
  return element("div", "bubble bytes", lines.join("\n"));
}

function note(words, isFailed = false) {
  append(element("li", `note${isFailed ? " failed" : ""}`, words));
}

translate();
describe();
setState("closed", say("notConnected"));
