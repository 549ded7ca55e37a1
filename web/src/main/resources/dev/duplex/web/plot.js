// A small picture of how numbers went over the last minute.

import { element } from "./frame.js";

const SAMPLES = 60;
const WIDTH = 120;
const HEIGHT = 40;
const SVG = "http://www.w3.org/2000/svg";

/** Lines that move to the left as they grow; each line has a class that colours it. */
export class Plot {
  #lines; #values; #words; #unit; #least;

  /** @param least the top of the picture is never lower, so that little does not look like much */
  constructor(title, lines, least, unit) {
    this.#lines = lines.map(name => line(name));
    this.#values = lines.map(() => []);
    this.#words = lines.map(name => element("span", `${name}-words`));
    this.#unit = unit;
    this.#least = least;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    svg.append(...this.#lines);
    this.element = element("figure", "plot", element("figcaption", "", element("span", "", title), ...this.#words), svg);
  }

  /** One value for each line, and the words before it. */
  add(values, prefixes) {
    values.forEach((value, i) => {
      this.#values[i].push(value);
      if (this.#values[i].length > SAMPLES) this.#values[i].shift();
      this.#words[i].textContent = `${prefixes[i]}${this.#unit(value)}`;
    });
    const top = Math.max(this.#least, ...this.#values.flat());
    this.#lines.forEach((drawn, i) => drawn.setAttribute("points", points(this.#values[i], top)));
  }
}

function line(name) {
  const drawn = document.createElementNS(SVG, "polyline");
  drawn.setAttribute("class", name);
  return drawn;
}

function points(values, top) {
  const step = WIDTH / (SAMPLES - 1);
  const left = WIDTH - (values.length - 1) * step;
  return values.map((value, i) => `${(left + i * step).toFixed(1)},${(HEIGHT - 1 - value / top * (HEIGHT - 2)).toFixed(1)}`).join(" ");
}

const LOW = -1, HIGH = 4; // powers of ten: 0.1 ms to 10 s

/** One dot for each message, when it was sent and how long it took on a scale of powers of ten; one mark for each that was lost. */
export class Dots {
  #came = path("came"); #gone = path("gone"); #seconds; #now = element("b");

  /** @param power what to write beside 1, 10, 100 and 1000 ms */
  constructor(title, seconds, power) {
    this.#seconds = seconds;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const scale = element("div", "scale");
    scale.setAttribute("aria-hidden", "true");
    for (let at = LOW; at <= HIGH; at++) {
      const isInside = at > LOW && at < HIGH;
      if (isInside) svg.append(path("grid", `M0 ${height(10 ** at)}H${WIDTH}`));
      scale.append(element("span", "", isInside ? power(10 ** at) : ""));
    }
    svg.append(this.#came, this.#gone);
    this.element = element("figure", "dots", element("figcaption", "", element("span", "", title), this.#now), element("div", "area", scale, svg));
  }

  /** @param messages with sentAt and, if they came, tookMillis; isLost if they will not */
  show(messages, now, words) {
    const x = message => (WIDTH * (1 - (now - message.sentAt) / 1000 / this.#seconds)).toFixed(2);
    const seen = messages.filter(message => now - message.sentAt < this.#seconds * 1000);
    this.#came.setAttribute("d", seen.filter(message => message.tookMillis !== undefined).map(message => `M${x(message)} ${height(message.tookMillis)}h0`).join(""));
    this.#gone.setAttribute("d", seen.filter(message => message.isLost).map(message => `M${x(message)} ${HEIGHT}v-5`).join(""));
    this.#now.textContent = words;
  }
}

function path(name, d = "") {
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("class", name);
  drawn.setAttribute("d", d);
  return drawn;
}

function height(millis) {
  const share = (Math.log10(Math.max(millis, 1e-9)) - LOW) / (HIGH - LOW);
  return (HEIGHT * (1 - Math.min(1, Math.max(0, share)))).toFixed(2);
}
