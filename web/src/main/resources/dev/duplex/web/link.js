// What goes on in one connection: its states, its way through the network, and what passes.

import { element } from "./frame.js";
import { Plot } from "./plot.js";
import { say } from "./words.js";

const FACTS = ["role", "ice", "dtls", "pair", "frames", "echo", "restarts"];

/** A card about one peer that is brought up to date each second. */
export class LinkCard {
  #peer; #facts = {}; #before = null;
  #bitrate = new Plot(say("bitrate"), ["in", "out"], 100, value => say("kilobits", { value: value.toFixed(0) }));
  #loss = new Plot(say("loss"), ["bad"], 5, value => say("percent", { value: value.toFixed(1) }));

  constructor(peer) {
    this.#peer = peer;
    const list = element("dl", "facts-of");
    for (const fact of FACTS) {
      this.#facts[fact] = element("dd");
      this.#facts[fact].dataset.fact = fact;
      list.append(element("dt", "", say(fact)), this.#facts[fact]);
    }
    this.element = element("article", "link", element("h3", "", peer.name), list,
      element("div", "plots", this.#bitrate.element, this.#loss.element));
    this.element.dataset.name = peer.name;
  }

  async update() {
    const { pc } = this.#peer;
    if (pc.connectionState === "closed") return;
    const stats = [...(await pc.getStats()).values()];
    const transport = stats.find(s => s.type === "transport");
    this.#show("role", say(this.#peer.role));
    this.#show("ice", pc.iceConnectionState);
    this.#show("dtls", transport?.dtlsState ?? pc.connectionState);
    this.#show("pair", way(stats, transport));
    this.#show("frames", frames(stats));
    this.#show("echo", this.#peer.echoMillis === null ? say("none_yet") : say("millis", { millis: this.#peer.echoMillis.toFixed(1) }));
    this.#show("restarts", String(this.#peer.restarts));
    this.#plot(stats);
  }

  #show(fact, words) {
    if (this.#facts[fact].textContent !== words) this.#facts[fact].textContent = words;
  }

  #plot(stats) {
    const now = { at: performance.now(), received: sum(stats, "inbound-rtp", "bytesReceived"), sent: sum(stats, "outbound-rtp", "bytesSent"),
      packets: sum(stats, "inbound-rtp", "packetsReceived"), lost: sum(stats, "inbound-rtp", "packetsLost") };
    const before = this.#before;
    this.#before = now;
    if (!before) return;
    const perMilli = bytes => Math.max(0, bytes * 8 / (now.at - before.at)); // bits in a millisecond are kilobits in a second
    const lost = Math.max(0, now.lost - before.lost);
    const due = lost + Math.max(0, now.packets - before.packets);
    this.#bitrate.add([perMilli(now.received - before.received), perMilli(now.sent - before.sent)], ["↓ ", "↑ "]);
    this.#loss.add([due ? 100 * lost / due : 0], [""]);
  }
}

const sum = (stats, type, field) => stats.filter(s => s.type === type).reduce((total, s) => total + (s[field] ?? 0), 0);

/** The candidate pair that was chosen, as "direct: udp 192.0.2.1:5000 → 192.0.2.2:6000". */
function way(stats, transport) {
  const byId = id => stats.find(s => s.id === id);
  const pair = byId(transport?.selectedCandidatePairId) ?? stats.find(s => s.type === "candidate-pair" && s.nominated && s.state === "succeeded");
  const local = byId(pair?.localCandidateId), remote = byId(pair?.remoteCandidateId);
  if (!local || !remote) return say("none_yet");
  const kinds = [local.candidateType, remote.candidateType];
  const kind = ["relay", "srflx", "prflx", "host"].find(one => kinds.includes(one));
  const at = candidate => `${candidate.address ?? candidate.ip ?? "?"}:${candidate.port}`;
  const roundTrip = pair.currentRoundTripTime === undefined ? "" : `, ${(pair.currentRoundTripTime * 1000).toFixed(0)} ms`;
  return `${say(kind)}: ${local.protocol} ${at(local)} → ${at(remote)}${roundTrip}`;
}

function frames(stats) {
  const video = stats.find(s => s.type === "inbound-rtp" && s.kind === "video");
  if (!video?.framesDecoded) return say("none_yet");
  return say("framesOf", { decoded: video.framesDecoded, width: video.frameWidth ?? "?", height: video.frameHeight ?? "?" });
}
