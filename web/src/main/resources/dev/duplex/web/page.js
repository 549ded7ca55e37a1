// The left half of the page: connect, send, and see each message.

import { element, size } from "./frame.js";
import { endless } from "./log.js";
import { watch } from "./wire.js";

const KEPT = 500;            // messages shown; the oldest go
const SHOWN_CHARACTERS = 4000;
const SHOWN_BYTES = 256;
const BASE = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;

const ABOUT = {
  echo: "The server sends back every message.",
  room: "What one says, all others in the room hear. Open this page in a second tab to talk to yourself.",
  time: "The server sends the time each second; nobody asks it to.",
};

// The close codes that a page may see, in words (RFC 6455 §7.4.1).
const CLOSES = {
  1000: "normal closure", 1001: "going away", 1002: "protocol error", 1003: "unsupported data", 1005: "no code given",
  1006: "connection lost", 1007: "invalid payload", 1008: "policy violation", 1009: "message too big",
  1011: "internal error", 1012: "service restart", 1013: "try again later",
};

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

function setState(state, words) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = words;
  const isIdle = state === "closed" || state === "failed";
  connect.textContent = isIdle ? "Connect" : "Disconnect";
  connect.classList.toggle("leave", !isIdle);
  send.disabled = state !== "open";
  for (const input of document.querySelectorAll("input[name=endpoint], #room")) input.disabled = !isIdle;
}

async function open() {
  const to = path();
  setState("connecting", "Connecting…");
  const opening = socket = { close: () => { socket = null; setState("closed", "Not connected"); } };
  const token = await watch(BASE);
  if (socket !== opening) return; // given up while waiting
  socket = new WebSocket(`${BASE}${to}${token ? `?wire=${token}` : ""}`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    unanswered = [];
    setState("open", `Connected to ${to}`);
    note(`connected to ${to}`);
    focusEntry();
  };
  socket.onmessage = event => {
    const sentAt = to === "/echo" ? unanswered.shift() : undefined;
    add("received", event.data, sentAt && performance.now() - sentAt);
  };
  socket.onclose = event => {
    const words = `${event.code} ${CLOSES[event.code] ?? "application code"}${event.reason ? `, “${event.reason}”` : ""}`;
    const isClean = event.wasClean && [1000, 1001, 1005].includes(event.code);
    note(`closed: ${words}`, !isClean);
    setState(isClean ? "closed" : "failed", `Closed: ${words}`);
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
  byId("about").textContent = ABOUT[chosen("endpoint")];
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
    if (socket?.readyState !== WebSocket.OPEN) throw new Error("Not connected.");
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
      if (!file) throw new Error("Choose a file first.");
      return file.arrayBuffer();
    }
  }
}

function bytesOfHex(text) {
  const digits = text.replace(/0x|[\s,:]/gi, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error("Bytes in hex are pairs of the digits 0–9 and a–f, such as 00 ff 68 69.");
  return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16)).buffer;
}

// Showing

function add(way, data, roundTrip) {
  const isText = typeof data === "string";
  const bytes = isText ? new TextEncoder().encode(data).length : data.byteLength;
  const facts = element("div", "facts", element("b", "", way === "sent" ? "↑ sent" : "↓ received"),
    ` · ${isText ? "text" : "binary"}, ${size(bytes)}`);
  if (roundTrip !== undefined) facts.append(` · round trip ${roundTrip.toFixed(1)} ms`);
  append(element("li", `message ${way}`, isText ? textBubble(data) : bytesBubble(data), facts));
}

function textBubble(text) {
  if (text === "") return element("div", "bubble nothing", "an empty message");
  const more = text.length > SHOWN_CHARACTERS ? `… ${(text.length - SHOWN_CHARACTERS).toLocaleString("en")} more characters` : "";
  return element("div", "bubble", text.slice(0, SHOWN_CHARACTERS) + more);
}

function bytesBubble(buffer) {
  if (buffer.byteLength === 0) return element("div", "bubble nothing", "an empty message");
  const shown = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, SHOWN_BYTES));
  const pairs = Array.from(shown, byte => byte.toString(16).padStart(2, "0"));
  const lines = [];
  for (let i = 0; i < pairs.length; i += 16) lines.push(pairs.slice(i, i + 16).join(" "));
  if (buffer.byteLength > SHOWN_BYTES) lines.push(`… ${(buffer.byteLength - SHOWN_BYTES).toLocaleString("en")} more bytes`);
  return element("div", "bubble bytes", lines.join("\n"));
}

function note(words, isFailed = false) {
  append(element("li", `note${isFailed ? " failed" : ""}`, words));
}

describe();
setState("closed", "Not connected");
