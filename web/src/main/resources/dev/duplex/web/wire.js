// The right half of the page: a second WebSocket on which the server tells what passes on the first.

import { element, isControl, opcodeName, picture, size } from "./frame.js";
import { endless } from "./log.js";
import { knows, say } from "./words.js";

const KEPT = 500; // rows; the oldest go, so that a long feed does not fill the memory

const list = document.getElementById("wire");
const append = endless(list, KEPT);
const about = document.getElementById("wire-about");
const totals = document.getElementById("totals");

const counted = { sent: { frames: 0, bytes: 0 }, received: { frames: 0, bytes: 0 } };

// A token of 128 random bits: only who knows it may watch, and only this page does.
const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");

let watching = null;

/** Opens the watching socket, once; resolves with the token, or with null where nobody tells. */
export function watch(base) {
  watching ??= new Promise(resolve => {
    const socket = new WebSocket(`${base}/wire/${token}`);
    socket.onopen = () => resolve(token);
    socket.onmessage = event => show(JSON.parse(event.data));
    socket.onclose = () => {
      watching = null;
      resolve(null);
      about.hidden = false;
      about.textContent = say("nobodyTells");
    };
  });
  return watching;
}

function show(event) {
  about.hidden = true;
  append(SHOWN[event.type](event));
  if (!list.querySelector(".row[tabindex='0']")) list.querySelector(".row")?.setAttribute("tabindex", "0");
}

const SHOWN = { handshake, frame, close, dropped };

function handshake({ request, response }) {
  const details = element("details", "handshake",
    element("summary", "", say("handshake")),
    element("h3", "sent", say("asks")), head(request),
    element("h3", "received", say("answers")), head(response));
  details.open = true;
  return element("li", "", details);
}

function head({ line, headers }) {
  const pre = element("pre", "", line);
  for (const [name, value] of headers) pre.append("\n", element("span", "key", `${name}: `), value);
  return pre;
}

function frame(event) {
  const way = event.direction === "in" ? "sent" : "received"; // the server's "in" is what this page sent
  count(way, event.length);
  const flags = [event.fin ? "" : say("moreFollows"), event.compressed ? say("compressed") : "", event.masked ? say("masked") : ""];
  const row = element("button", `row ${way}${isControl(event.opcode) ? " control" : ""}`,
    element("span", "way", way === "sent" ? "↑" : "↓"),
    element("span", "name", opcodeName(event.opcode)),
    element("span", "flags", flags.filter(flag => flag).join(", ")),
    element("span", "", size(event.length)),
    element("span", "when", `${(event.millis / 1000).toFixed(3)} s`));
  row.type = "button";
  row.tabIndex = -1;
  row.setAttribute("aria-expanded", "false");
  row.setAttribute("aria-label", say(way === "sent" ? "rowSent" : "rowReceived", { name: opcodeName(event.opcode), size: size(event.length) }));
  const item = element("li", "", row);
  row.onclick = () => toggle(row, item, event);
  return item;
}

function toggle(row, item, event) {
  const opened = item.querySelector(".picture");
  if (opened) opened.remove();
  else item.append(picture(event));
  row.setAttribute("aria-expanded", String(!opened));
  focusRow(row);
  item.scrollIntoView({ block: "nearest" });
}

/** @param by "the browser", "the server" or "the network" */
function close({ code, meaning, text, by, clean }) {
  const words = `${code} ${knows(String(code)) ? say(String(code)) : meaning}${text ? `, “${text}”` : ""}`;
  return element("li", `end${clean ? "" : " failed"}`, say(by.replace("the", "by"), { words }) + (clean ? "" : say("notClean")));
}

function dropped({ count: missed }) {
  return element("li", "gap", say("missed", { count: missed }));
}

function count(way, length) {
  counted[way].frames++;
  counted[way].bytes += length;
  totals.replaceChildren(total("↑", counted.sent), total("↓", counted.received));
}

function total(arrow, { frames, bytes }) {
  return element("span", "", `${arrow} ${say(frames === 1 ? "oneFrame" : "framesSum", { count: frames, size: size(bytes) })}`);
}

/** One row at a time is in the tab order; the arrow keys go from row to row. */
function focusRow(row) {
  for (const other of list.querySelectorAll(".row[tabindex='0']")) other.tabIndex = -1;
  row.tabIndex = 0;
  row.focus();
}

list.addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.classList.contains("row")) return;
  event.preventDefault();
  const rows = [...list.querySelectorAll(".row")];
  const next = rows[rows.indexOf(event.target) + step];
  if (next) focusRow(next);
});

document.getElementById("clear").onclick = () => {
  list.replaceChildren();
  totals.replaceChildren();
  for (const way of Object.values(counted)) way.frames = way.bytes = 0;
};
