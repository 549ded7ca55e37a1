// TCP for messages, UDP for media: the same feed over a WebSocket and two data channels, and what loss does to each.

import { element } from "./frame.js";
import { Dots } from "./plot.js";
import { NoWay, openChannel, openWebSocket } from "./ways.js";
import { language, say, translate } from "./words.js";

const RATES = [1, 5, 10, 20, 50, 100];
const SEEN_SECONDS = 20, TICK_MILLIS = 250;
const SEEN_MESSAGES = SEEN_SECONDS * RATES.at(-1);
const LOST_MILLIS = 3000;        // as the page says
const MOST_MILLIS = 10 * 60_000; // then it stops by itself
const PATIENT_MILLIS = 10_000;   // nothing lost for so long: nothing will be
const LATE_MILLIS = 60_000;      // what is still under way may arrive for so long after that

// A line of its own gives the browser an address to name; what the machine sends to itself, by that address or by 127.0.0.1, passes lo.
const COMMAND = `unshare --map-root-user --net sh -ec '
  PATH=$PATH:/usr/sbin
  ip link set lo up
  ip link add one type veth peer name other
  ip address add 10.0.0.1/24 dev one
  ip link set one up && ip link set other up
  ip route add default dev one
  nft "add table inet loss; add chain inet loss in { type filter hook input priority 0; };
       add rule inet loss in iif lo numgen random mod 100 < 10 drop"
  ./duplex serve --port 8081 &
  trap "kill $!" EXIT INT
  until ss -ltn | grep -q :8081; do sleep 1; done
  chromium --no-sandbox --user-data-dir=$(mktemp -d) http://127.0.0.1:8081/lab/webrtc'`;

const byId = id => document.getElementById(id);
const wholes = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const close = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const millis = value => say("labMillis", { millis: close.format(value) });

/** One carrier's panel. */
class Panel {
  line = null;
  #facts = {}; #lost = element("p", "lost"); #dots = new Dots(say("roundPlot", { seconds: SEEN_SECONDS }), SEEN_SECONDS, millis);
  #messages; #waiting; #took; #sent; #reordered; #latest;

  constructor(way, name, about) {
    this.way = { came: data => this.#came(Number(data)), ended: why => { this.line = null; this.#lost.textContent = say("labLost", { why }); } };
    const list = element("dl");
    for (const fact of ["lossSent", "lossArrived", "lossLost", "lossReordered", "roundMedian", "roundP99"]) {
      this.#facts[fact] = element("dd", "", say("nothingYet"));
      this.#facts[fact].dataset.fact = fact;
      list.append(element("dt", "", say(fact)), this.#facts[fact]);
    }
    this.element = element("section", "panel carrier",
      element("div", "", element("h3", "", say(name)), element("p", "about", say(about)), list, this.#lost), this.#dots.element);
    this.element.dataset.way = way;
    this.clear();
  }

  clear() {
    this.line = null;
    this.#messages = [];
    this.#waiting = new Set();
    this.#took = [];
    this.#sent = this.#reordered = 0;
    this.#latest = -1;
    this.#lost.textContent = "";
  }

  /** The number stands first in a message; the rest is blank. */
  send(number, bytes) {
    const sentAt = performance.now();
    if (!this.line?.send(String(number).padEnd(bytes))) return;
    this.#messages[number] = { sentAt };
    this.#waiting.add(number);
    this.#sent++;
  }

  #came(number) {
    const message = this.#messages[number];
    if (!message || !this.#waiting.delete(number)) return;
    message.tookMillis = performance.now() - message.sentAt;
    message.isLost = false;
    this.#took.push(message.tookMillis);
    if (number < this.#latest) this.#reordered++;
    this.#latest = Math.max(this.#latest, number);
  }

  /**
   * Shows how it stands, and tells how many are lost.
   *
   * @param until the plot's right edge
   */
  tick(until) {
    const overdue = performance.now() - LOST_MILLIS;
    let lost = 0;
    for (const number of this.#waiting) {
      const message = this.#messages[number];
      if (message.sentAt > overdue) break; // they wait in the order in which they were sent
      message.isLost = true;
      lost++;
    }
    const sorted = this.#took.slice(-5000).sort((a, b) => a - b);
    const at = share => (sorted.length ? millis(sorted[Math.floor((sorted.length - 1) * share)]) : say("nothingYet"));
    const values = {
      lossSent: wholes.format(this.#sent), lossArrived: wholes.format(this.#took.length), lossLost: wholes.format(lost),
      lossReordered: wholes.format(this.#reordered), roundMedian: at(0.5), roundP99: at(0.99),
    };
    for (const [fact, value] of Object.entries(values)) this.#facts[fact].textContent = value;
    this.#facts.lossLost.dataset.bad = lost > 0;
    this.#dots.show(this.#messages.slice(-SEEN_MESSAGES), until, this.#took.length ? millis(this.#took.at(-1)) : "");
    return lost;
  }
}

const panels = [
  new Panel("websocket", "websocket", "socketAbout"),
  new Panel("reliable", "reliable", "reliableAbout"),
  new Panel("unreliable", "unreliable", "unreliableAbout"),
];

let isRunning = false, attempt = 0, number = 0, startedAt = 0, stoppedAt = 0;
let feed, ticks, ending, closing = [];

const bytes = () => 2 ** byId("size").value;
const rate = () => RATES[byId("rate").value];

function describe() {
  byId("rate-value").textContent = wholes.format(rate());
  byId("size-value").textContent = wholes.format(bytes());
  byId("rate").setAttribute("aria-valuetext", byId("rate-value").textContent);
  byId("size").setAttribute("aria-valuetext", byId("size-value").textContent);
}

async function start() {
  end();
  const mine = ++attempt;
  isRunning = true;
  setState("connecting", say("connectingTo"));
  const [socket, reliable, unreliable] = panels;
  for (const panel of panels) panel.clear();
  notice(null);
  try {
    const opening = [openWebSocket(socket.way), openChannel(reliable.way, {}), openChannel(unreliable.way, { ordered: false, maxRetransmits: 0 })];
    for (const way of opening) way.then(opened => closing.push(opened.close)).catch(() => {}); // Promise.all tells of it
    const opened = await Promise.all(opening);
    if (mine !== attempt || !isRunning) return;
    opened.forEach(({ line }, i) => { panels[i].line = line; });
  } catch (failed) {
    if (mine !== attempt) return;
    end();
    setState("failed", say("stopped"));
    notice(failed.message, failed instanceof NoWay);
    return;
  }
  number = 0;
  startedAt = performance.now();
  pace();
  ticks = setInterval(tick, TICK_MILLIS);
  ending = setTimeout(stop, MOST_MILLIS);
  setState("open", say("running"));
}

/** So many messages a second, over all three. */
function pace() {
  clearInterval(feed);
  feed = setInterval(() => {
    for (const panel of panels) panel.send(number, bytes());
    number++;
  }, 1000 / rate());
}

function tick() {
  const lost = panels.map(panel => panel.tick(isRunning ? performance.now() : stoppedAt));
  byId("lossless").hidden = performance.now() - startedAt < PATIENT_MILLIS || lost.some(count => count > 0);
}

/** Nothing more is sent; what is under way may still arrive. */
function stop() {
  isRunning = false;
  stoppedAt = performance.now();
  clearInterval(feed);
  clearTimeout(ending);
  ending = setTimeout(end, LATE_MILLIS);
  setState("closed", say("stopped"));
}

/** Before it has begun. */
function cancel() {
  attempt++;
  end();
  setState("closed", say("stopped"));
}

function end() {
  isRunning = false;
  clearInterval(feed);
  clearInterval(ticks);
  clearTimeout(ending);
  for (const closed of closing.splice(0)) closed();
}

function setState(state, words) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = words;
  byId("run").textContent = say(isRunning ? "stop" : "start");
  byId("run").classList.toggle("leave", isRunning);
}

byId("feed").onsubmit = event => {
  event.preventDefault();
  if (!isRunning) start();
  else if (byId("state").dataset.state === "open") stop();
  else cancel();
};

/** @param isAskable whether a microphone would help */
function notice(words, isAskable = false) {
  byId("notice").hidden = !words;
  byId("notice-text").textContent = words ?? "";
  byId("allow").hidden = !isAskable;
}

/** Whoever may use the microphone is told the addresses of this machine. */
byId("allow").onclick = async () => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    await start();
    for (const track of stream.getTracks()) track.stop();
  } catch (refused) {
    notice(say("lossNoMicrophone", { why: refused.name }));
  }
};

byId("size").oninput = describe;
byId("rate").oninput = () => {
  describe();
  if (byId("state").dataset.state === "open") pace();
};

translate();
document.title = `Duplex: ${say("lossTitle")}`;
byId("command").textContent = COMMAND;
byId("ways").append(...panels.map(panel => panel.element));
describe();
setState("closed", say("stopped"));
