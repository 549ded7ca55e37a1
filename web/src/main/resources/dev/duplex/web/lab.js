// The lab in the browser: the same feed over four carriers at once, with what each costs.

import { Fallback, Socket } from "./carriers.js";
import { element, size as sized } from "./frame.js";
import { language, say, translate } from "./words.js";

const RATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const FEED_MILLIS = 120_000;     // the longest that the server gives; then a new one begins
const MOST_BYTES_A_SECOND = 1 << 20; // over each carrier: the browser has four to serve
const SAMPLES = 60, TICK_MILLIS = 500;
const WIDTH = 120, HEIGHT = 40;
const SVG = "http://www.w3.org/2000/svg";

const byId = id => document.getElementById(id);
const wholes = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const close = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });

/** A line that moves to the left, on a scale of powers of ten that all carriers share. */
class Trace {
  #values = []; #line = document.createElementNS(SVG, "polyline"); #now = element("b"); #low; #high; #show;

  constructor(title, low, high, show) {
    [this.#low, this.#high, this.#show] = [Math.log10(low), Math.log10(high), show];
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    for (let power = this.#low + 1; power < this.#high; power++) svg.append(this.#rule(power));
    svg.append(this.#line);
    this.element = element("figure", "", element("figcaption", "", element("span", "", title), this.#now), svg);
  }

  #rule(power) {
    const rule = document.createElementNS(SVG, "path");
    rule.setAttribute("class", "grid");
    rule.setAttribute("d", `M0 ${this.#y(10 ** power)}H${WIDTH}`);
    return rule;
  }

  #y(value) {
    const share = (Math.log10(Math.max(value, 1e-9)) - this.#low) / (this.#high - this.#low);
    return HEIGHT - 1 - Math.min(1, Math.max(0, share)) * (HEIGHT - 2);
  }

  /** @param value undefined where there was none */
  add(value) {
    this.#values.push(value);
    if (this.#values.length > SAMPLES) this.#values.shift();
    this.#now.textContent = value === undefined ? say("nothingYet") : this.#show(value);
    const left = WIDTH - (this.#values.length - 1) * WIDTH / (SAMPLES - 1);
    const points = this.#values.map((v, i) => v === undefined ? "" : `${(left + i * WIDTH / (SAMPLES - 1)).toFixed(1)},${this.#y(v).toFixed(1)}`);
    this.#line.setAttribute("points", points.filter(point => point).join(" "));
  }
}

/** One carrier's panel. */
class Panel {
  #open; #link = null; #facts = {}; #lost = element("p", "lost"); #seenBytes = 0; #seenLatencies = 0;
  #bytes = new Trace(say("bytesRate"), 10, 1e7, value => say("perSecondBytes", { size: sized(Math.round(value)) }));
  #latency = new Trace(say("latencyPlot"), 0.1, 10_000, value => say("labMillis", { millis: close.format(value) }));

  constructor(way, name, open) {
    this.#open = open;
    const list = element("dl");
    for (const fact of ["labMessages", "labRequests", "labBytes", "perMessage", "latencyMedian", "latencyP99"]) {
      this.#facts[fact] = element("dd", "", say("nothingYet"));
      this.#facts[fact].dataset.fact = fact;
      list.append(element("dt", "", say(fact)), this.#facts[fact]);
    }
    this.element = element("section", "panel carrier", element("h3", "", say(name)), element("p", "about", say(`${name}About`)), list,
      this.#bytes.element, this.#latency.element, this.#lost);
    this.element.dataset.way = way;
  }

  start(address, terms) {
    this.stop();
    this.#seenBytes = this.#seenLatencies = 0;
    this.#lost.textContent = "";
    this.#link = this.#open(address, { ...terms, ended: why => { this.#link = null; this.#lost.textContent = say("labLost", { why }); } });
  }

  stop() {
    this.#link?.close();
    this.#link = null;
  }

  /** Shows where the counters stand. */
  tick() {
    const counts = this.#link?.counts;
    if (!counts) return;
    this.#bytes.add((counts.bytes - this.#seenBytes) / TICK_MILLIS * 1000 || undefined);
    const news = counts.latencies.slice(this.#seenLatencies).sort((a, b) => a - b);
    this.#latency.add(news.length ? Math.max(0.1, news[news.length >> 1]) : undefined);
    this.#seenBytes = counts.bytes;
    this.#seenLatencies = counts.latencies.length;
    this.#show(counts);
  }

  #show(counts) {
    const sorted = counts.latencies.slice(-5000).sort((a, b) => a - b);
    const at = share => sorted.length ? say("labMillis", { millis: close.format(Math.max(0, sorted[Math.floor((sorted.length - 1) * share)])) }) : say("nothingYet");
    const values = {
      labMessages: wholes.format(counts.messages), labRequests: wholes.format(counts.requests), labBytes: sized(counts.bytes),
      perMessage: counts.messages ? wholes.format(counts.bytes / counts.messages) : say("nothingYet"), latencyMedian: at(0.5), latencyP99: at(0.99),
    };
    for (const [fact, value] of Object.entries(values)) this.#facts[fact].textContent = value;
  }
}

const panels = [
  new Panel("polling", "polling", (address, terms) => new Fallback(address, "poll", terms)),
  new Panel("long-polling", "longPolling", (address, terms) => new Fallback(address, "long", terms)),
  new Panel("streaming", "streaming", (address, terms) => new Fallback(address, "stream", terms)),
  new Panel("websocket", "websocket", (address, terms) => new Socket(address, terms)),
];

let timers = [];
let again = null;

const bytes = () => 2 ** byId("size").value;
const rate = () => Math.min(RATES[byId("rate").value], Math.floor(MOST_BYTES_A_SECOND / bytes()));

function describe() {
  byId("rate-value").textContent = wholes.format(rate());
  byId("size-value").textContent = wholes.format(bytes());
  byId("rate").setAttribute("aria-valuetext", byId("rate-value").textContent);
  byId("size").setAttribute("aria-valuetext", byId("size-value").textContent);
}

/** What the server knows and the page cannot: how long this browser's requests are, and how its clock stands. */
async function terms() {
  const headBytes = Number(await (await fetch("/lab/head", { cache: "no-store" })).text());
  let quickest = Infinity, offsetMillis = 0;
  for (let i = 0; i < 5; i++) {
    const asked = performance.now();
    const told = await (await fetch("/lab/server", { cache: "no-store" })).text();
    const answered = performance.now();
    if (answered - asked < quickest) {
      quickest = answered - asked;
      offsetMillis = Number(told.trim().split(" ")[3].slice(0, -3)) / 1000 - performance.timeOrigin - (asked + answered) / 2;
    }
  }
  // Below half the round trip it says nothing: then both clocks are taken for the same.
  return { headBytes, offsetMillis: Math.abs(offsetMillis) < quickest / 2 ? 0 : offsetMillis };
}

async function start() {
  setState("connecting", say("connectingTo"));
  stopTimers();
  const known = await terms();
  const address = `/lab/feed?direction=push&rate=${rate()}&size=${bytes()}&millis=${FEED_MILLIS}`;
  for (const panel of panels) panel.start(address, known);
  timers = [setInterval(() => panels.forEach(panel => panel.tick()), TICK_MILLIS), setTimeout(start, FEED_MILLIS)];
  setState("open", say("running"));
}

function stop() {
  stopTimers();
  for (const panel of panels) panel.stop();
  setState("closed", say("stopped"));
}

function stopTimers() {
  for (const timer of timers) clearTimeout(timer);
  timers = [];
}

function setState(state, words) {
  byId("state").dataset.state = state;
  byId("state-text").textContent = words;
  byId("run").textContent = say(state === "closed" || state === "failed" ? "start" : "stop");
  byId("run").classList.toggle("leave", state === "open" || state === "connecting");
}

const begin = () => start().catch(failed => { stop(); setState("failed", failed.message); });

byId("feed").onsubmit = event => {
  event.preventDefault();
  if (timers.length) stop();
  else begin();
};

for (const slider of [byId("rate"), byId("size")]) {
  slider.oninput = () => {
    describe();
    clearTimeout(again);
    if (timers.length) again = setTimeout(() => { if (timers.length) begin(); }, 300);
  };
}

translate();
document.title = say("labTitle");
byId("more").append(...say("labMore").split("{command}").flatMap((words, i) => i ? [element("code", "", "./duplex lab"), words] : [words]));
byId("carriers").append(...panels.map(panel => panel.element));
describe();
setState("closed", say("stopped"));
