// The call: who is in it, what they see, hear and write.

import { element } from "./frame.js";
import { LinkCard } from "./link.js";
import { endless } from "./log.js";
import { openMedia } from "./media.js";
import { Peer } from "./peer.js";
import { showSignal } from "./signals.js";
import { SignalSocket } from "./signal.js";
import { Tile } from "./tile.js";
import { knows, say, translate } from "./words.js";

const KEPT = 500; // messages shown; the oldest go
const ROOM = decodeURIComponent(location.pathname.split("/")[2]);
const URL = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/signal/${encodeURIComponent(ROOM)}`;
const STORED = `duplex-call ${ROOM}`; // what a page that is loaded anew needs to come back

const byId = id => document.getElementById(id);
const append = endless(byId("messages"), KEPT);
const people = new Map(); // name → { peer, tile, card }

let socket = null, stream = null, own = null, iceServers = [], name = "", blocked = null;

translate();
document.title = say("title", { room: ROOM });
byId("room").textContent = ROOM;
byId("messages").dataset.empty = say("empty");

// Joining and leaving

byId("join-form").onsubmit = event => {
  event.preventDefault();
  join(byId("name").value.trim(), document.querySelector("input[name=picture]:checked").value);
};

async function join(asName, picture, token) {
  name = asName;
  byId("join").disabled = true;
  notice(null);
  setState("connecting", say("asking"));
  const media = await openMedia(picture);
  stream = media.stream;
  if (media.missing) notice(say(media.missing));
  setState("connecting", say("connecting"));
  showOwn(true);
  sessionStorage.setItem(STORED, JSON.stringify({ name, picture, token }));
  socket = new SignalSocket(URL, name, token, { joined, resumed, message, lost, refused, passed: showSignal });
}

function joined(message) {
  iceServers = message.iceServers;
  name = message.name;
  remember({ name, token: message.token });
  for (const left of [...people.keys()]) drop(left); // after a seat was lost, every call is new
  for (const peer of message.peers) meet(peer.name, peer.role, peer.away);
  byId("text").disabled = byId("send").disabled = false;
  count();
}

/** The calls go on; only the way is looked for anew. */
function resumed(message) {
  iceServers = message.iceServers;
  const present = new Set(message.peers.map(peer => peer.name));
  for (const left of [...people.keys()]) if (!present.has(left)) drop(left);
  for (const { name: other, role, away } of message.peers) {
    const known = people.get(other);
    if (known?.peer.role === role) again(known, away);
    else meet(other, role, away);
  }
  count();
}

function lost() {
  setState("connecting", say("lost"));
}

function refused(message) {
  end();
  notice(knows(message.code) ? say(message.code) : say("refused", { message: message.message }));
  if (message.code === "name-taken") byId("name").select();
}

byId("leave").onclick = () => {
  socket.leave();
  end();
  notice(null);
};

function end() {
  socket = null;
  sessionStorage.removeItem(STORED);
  for (const left of [...people.keys()]) drop(left);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  showOwn(false);
  byId("text").disabled = byId("send").disabled = true;
  setState("closed", say("idle"));
}

// The others

const TOLD = {
  arrived: ({ name: other, role }) => { meet(other, role); note(say("arrived", { name: other })); },
  away: ({ name: other }) => { mark(other, true); note(say("wentAway", { name: other })); },
  back: ({ name: other }) => { if (people.has(other)) again(people.get(other)); note(say("cameBack", { name: other })); },
  left: ({ name: other }) => { drop(other); note(say("left", { name: other })); },
};

function message(heard) {
  if (heard.type in TOLD) TOLD[heard.type](heard);
  else people.get(heard.from)?.peer.take(heard);
  count();
}

function meet(other, role, isAway = false) {
  drop(other);
  const tile = new Tile(other);
  const peer = new Peer({ name: other, role, iceServers, stream, send: said => socket?.send(said), on: {
    track: received => tile.show(received, () => notice(say("tapToHear"))),
    chat: text => chat(other, text, "received"),
    devices: ({ camera }) => tile.switchOff(!camera),
    change: () => changed(other),
  } });
  const card = new LinkCard(peer);
  people.set(other, { peer, tile, card });
  byId("tiles").append(tile.element);
  byId("links").append(card.element);
  mark(other, isAway);
}

function again({ peer }, isAway = false) {
  mark(peer.name, isAway);
  if (!isAway) peer.restart();
}

function mark(other, isAway) {
  const person = people.get(other);
  if (!person) return;
  person.peer.isAway = isAway;
  changed(other);
}

function drop(other) {
  const person = people.get(other);
  if (!person) return;
  people.delete(other);
  if (blocked === other) notice(null);
  person.peer.close();
  person.tile.element.remove();
  person.card.element.remove();
}

function changed(other) {
  const person = people.get(other);
  if (!person) return;
  const { peer, tile, card } = person;
  const doing = { new: "waiting", connecting: "reaching", disconnected: "interrupted" };
  const state = peer.pc.connectionState;
  const quiet = state === "connected" && peer.isMuted ? "muted" : "through";
  tile.tell(say(peer.isBlocked ? "blocked" : peer.isAway && state !== "connected" ? "away" : doing[state] ?? quiet), peer.isBlocked);
  if (peer.isBlocked && blocked !== other) {
    blocked = other;
    notice(say("noWay", { name: other, help: say(iceServers.some(s => s.username) ? "withTurn" : "noTurn") }));
  } else if (blocked === other && state === "connected") {
    notice(null);
  }
  card.update();
}

// Oneself

function showOwn(isIn) {
  byId("join-form").hidden = isIn;
  byId("controls").hidden = !isIn;
  byId("join").disabled = false;
  own?.element.remove();
  own = null;
  if (!isIn) return;
  own = new Tile(say("you"), name);
  byId("tiles").prepend(own.element);
  if (stream) own.show(stream);
  toggle("microphone", "audio", ["mute", "unmute"]);
  toggle("camera", "video", ["cameraOff", "cameraOn"]);
}

/** A button that stops and starts what one sends; without a device there is none. */
function toggle(id, kind, [stop, start]) {
  const button = byId(id);
  const tracks = stream?.getTracks().filter(track => track.kind === kind) ?? [];
  button.hidden = tracks.length === 0;
  const show = () => {
    const isOff = !tracks.every(track => track.enabled);
    button.textContent = say(isOff ? start : stop);
    button.setAttribute("aria-pressed", String(isOff));
    if (kind === "video") own.switchOff(isOff);
  };
  button.onclick = () => {
    for (const track of tracks) track.enabled = !track.enabled;
    for (const { peer } of people.values()) peer.tellDevices();
    show();
  };
  if (tracks.length) show();
}

// Writing

byId("chat-form").onsubmit = event => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!text) return;
  for (const { peer } of people.values()) peer.chat(text);
  chat(say("you"), text, "sent");
  byId("text").value = "";
};

function chat(who, text, way) {
  append(element("li", `message ${way}`, element("div", "bubble", text.slice(0, 2000)), element("div", "facts", who)));
}

function note(words) {
  append(element("li", "note", words));
}

function notice(words) {
  if (!words) blocked = null;
  byId("notice").hidden = !words;
  byId("notice").textContent = words ?? "";
}

function setState(state, words) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = words;
}

function count() {
  const others = people.size;
  const key = others === 0 ? "alone" : others === 1 ? "one" : "many";
  setState("open", say("open", { count: say(key, { count: others }) }));
}

function remember(more) {
  sessionStorage.setItem(STORED, JSON.stringify({ ...stored(), ...more }));
}

function stored() {
  return JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
}

setInterval(() => {
  for (const { peer } of people.values()) {
    peer.ping();
    changed(peer.name);
  }
}, 1000);

// A reload comes back into the call by itself; any other way here asks first, because a copied tab has the same memory.
const asked = new URLSearchParams(location.search).get("picture") ?? "normal";
for (const radio of document.querySelectorAll("input[name=picture]")) radio.checked = radio.value === (stored().picture ?? asked);
byId("name").value = stored().name ?? "";
if (!window.RTCPeerConnection) {
  byId("join").disabled = true;
  notice(say("noWebrtc"));
}
setState("closed", say("idle"));
if (stored().token && performance.getEntriesByType("navigation")[0]?.type === "reload") {
  join(stored().name, stored().picture, stored().token);
} else {
  byId("name").focus();
}
