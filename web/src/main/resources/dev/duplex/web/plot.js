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
