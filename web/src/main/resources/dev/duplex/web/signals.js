// The signalling messages as they pass; pings are left out.

import { element } from "./frame.js";
import { endless } from "./log.js";

const KEPT = 300;
const list = document.getElementById("signals");
const append = endless(list, KEPT);
const start = performance.now();

document.getElementById("clear").onclick = () => list.replaceChildren();

/** Adds a message to the list; opened, it shows all but its secrets. */
export function showSignal(way, message) {
  const row = element("details", "signal",
    element("summary", "", element("span", `way ${way}`, way === "sent" ? "↑" : "↓"), element("b", "", message.type),
      element("span", "gist", gist(message)), element("span", "when", `${((performance.now() - start) / 1000).toFixed(1)} s`)));
  row.dataset.type = message.type;
  row.addEventListener("toggle", () => {
    if (row.open && !row.querySelector("pre")) row.append(element("pre", "", whole(message)));
  });
  append(element("li", "", row));
}

function gist({ to, from, name, code, candidate }) {
  const who = to ?? from ?? name ?? code ?? "";
  return candidate ? `${who} · ${candidate.candidate.split(" ").slice(4, 6).join(":") || "…"}` : who;
}

function whole(message) {
  const hidden = (key, value) => (["token", "credential"].includes(key) ? "…" : value);
  return JSON.stringify(message, hidden, 2).replaceAll("\\r\\n", "\n    ");
}
