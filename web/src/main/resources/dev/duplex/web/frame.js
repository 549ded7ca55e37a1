// What a frame's header says, in words and as a picture of its bits (RFC 6455 §5.2).

import { knows, say } from "./words.js";

const NAMES = { 0: "Continuation", 1: "Text", 2: "Binary", 8: "Close", 9: "Ping", 10: "Pong" };

export const opcodeName = opcode => NAMES[opcode] ?? `Reserved ${opcode}`;

export const isControl = opcode => opcode >= 8;

export function size(bytes) {
  if (bytes < 1024) return say(bytes === 1 ? "oneByte" : "bytes", { count: bytes });
  const unit = bytes < 1024 * 1024 ? ["KiB", 1024] : ["MiB", 1024 * 1024];
  return `${(bytes / unit[1]).toFixed(bytes < 10 * unit[1] ? 1 : 0)} ${unit[0]}`;
}

/** An element with a class and children; text always goes in as text, never as markup. */
export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const binary = (value, digits) => value.toString(2).padStart(digits, "0");

function group(kind, bits, caption) {
  const digits = element("div", "digits", ...[...bits].map(bit => element("span", "", bit)));
  const made = element("div", `bit-group ${kind}`, digits, element("div", "caption", caption));
  made.style.gridColumn = `span ${bits.length}`;
  return made;
}

function wideGroup(kind, value, caption) {
  const made = element("div", `bit-group wide ${kind}`, value, element("div", "caption", caption));
  made.style.gridColumn = "1 / -1";
  return made;
}

/** The seven bits of the header, and the bytes that follow when they do not suffice. */
function lengthField(length) {
  if (length < 126) return { seven: length, more: null, bytes: 0 };
  if (length < 65536) return { seven: 126, more: length.toString(16).padStart(4, "0"), bytes: 2 };
  return { seven: 127, more: length.toString(16).padStart(16, "0"), bytes: 8 };
}

const hexPairs = digits => digits.match(/../g).join(" ");

/** A picture of one frame's header, with a line for each field. */
export function picture(frame) {
  const { seven, more, bytes } = lengthField(frame.length);
  const bits = element("div", "bits",
    group("flag", frame.fin ? "1" : "0", "FIN"),
    group("flag", frame.compressed ? "1" : "0", "R1"),
    group("flag", "0", "R2"),
    group("flag", "0", "R3"),
    group("opcode", binary(frame.opcode, 4), say("capOpcode")),
    group("mask", frame.masked ? "1" : "0", "M"),
    group("length", binary(seven, 7), say("capLength")));
  if (more) bits.append(wideGroup("length", hexPairs(more), say("capMore", { bytes })));
  if (frame.masked) bits.append(wideGroup("mask", "▒▒ ▒▒ ▒▒ ▒▒", say("capKey")));
  if (frame.length > 0) bits.append(wideGroup("payload", size(frame.length), say(frame.masked ? "capMasked" : "capPayload")));
  bits.setAttribute("aria-hidden", "true");
  const header = 2 + bytes + (frame.masked ? 4 : 0);
  return element("div", "picture", bits, explanation([
    ["FIN", say(frame.fin ? "fin1" : "fin0")],
    ["RSV1", say(frame.compressed ? "rsv1" : "rsv0")],
    [say("capOpcode"), `${frame.opcode}: ${say(knows(`opcode ${frame.opcode}`) ? `opcode ${frame.opcode}` : "opcode other")}`],
    ["MASK", say(frame.masked ? "mask1" : "mask0")],
    [say("capLength"), bytes ? say("realLength", { seven, length: frame.length, bytes }) : `${seven}`],
    [say("inAll"), say("sum", { header: size(header), payload: size(frame.length) })],
  ]));
}

function explanation(lines) {
  const list = element("dl", "meaning");
  for (const [term, words] of lines) list.append(element("dt", "", term), element("dd", "", words));
  return list;
}
