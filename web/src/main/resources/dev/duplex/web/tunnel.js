// One connection over whatever gets through: its bytes, numbered both ways, over a WebSocket, else over one request after another;
// what is lost is asked for, or sent, again. docs/fallback.md tells the wire.

import {Climb, UNACKNOWLEDGED} from "./carrying.js";
import {FrameReader, RecordReader, SendBuffer, frame, joined, BINARY, CLOSE, PONG, TEXT} from "./framing.js";

const HOLD = 25000;
const SLACK = 10000;
/** So many POSTs in a row must fail before this end gives up sending. */
const POSTS = 6;
/** An answer to a POST is a number, one that opens a session two words; what is fetched at once keeps to the server's window. */
const WORDS = 8 * 1024;
const MOST_AT_ONCE = 1024 * 1024;
const CLOSE_WAIT = 5000;
const MOST_BATCH = 128 * 1024;
const MOST_DOUBLINGS = 5;

/** When a WebSocket last failed where plain HTTP went through, by origin. */
const blocked = new Map();

const sleep = millis => new Promise(resolve => setTimeout(resolve, millis));

/** A while that grows with each failure, and is never the same for two pages. */
const backoff = failures => sleep(Math.min(2000, 50 * 2 ** failures) * (0.5 + Math.random() / 2));

/** What to ask for next, where a request was given up after this long: less than that. */
const shorter = (hold, lived) => lived < 1000 ? hold : Math.max(1000, Math.floor(Math.min(hold, lived) * 3 / 4));

/** All that a response brings, or an error if that is more than it may. */
async function bytesOf(response, most) {
  const pieces = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      reader.cancel();
      throw new Error(`more than ${most} bytes`);
    }
    pieces.push(next.value);
  }
  return joined(pieces);
}

const textOf = async response => new TextDecoder().decode(await bytesOf(response, WORDS));

export class Tunnel {
  /** Shared with what climbs: the numbers of the next byte wanted, and of the one that the server was told of last. */
  received = 0;
  acknowledged = 0;
  out = new SendBuffer();
  isOver = false;
  #events;
  #options;
  #rungs;
  #http;
  #session = "";
  #step = 0;
  #steppedAt = 0;
  #climbs = 0;
  #failures = 0;
  #empties = 0;
  #through = Date.now();
  #hold = HOLD;
  /** The same for a POST, which a server holds whose application does not read. */
  #postHold = HOLD;
  #laterBytes = 0;
  #batch = MOST_BATCH;
  #sending = Promise.resolve();
  #isSending = false;
  #abort = new AbortController();
  /** Ends the requests under way alone. */
  #overtaken = new AbortController();
  #reason = null;
  #isClosing = false;
  #climb = null;
  #wake = () => {};
  #leave = () => {
    if (!this.#isCarried || !this.#climb.end()) navigator.sendBeacon?.(this.address({at: this.out.start, ack: this.received, end: 1}));
  };
  #reader = new FrameReader({
    message: data => this.#events.received(data),
    ping: payload => this.#write(frame(PONG, payload)),
    closed: (code, reason) => this.#closedByServer(code, reason),
    failed: (code, reason) => this.close(code, reason),
  });

  constructor(url, protocols, rungs, options, events) {
    this.#http = new URL(url.replace(/^ws/, "http"));
    this.#climb = rungs.includes("websocket") ? new Climb(this, options) : null;
    this.#rungs = rungs.filter(rung => rung !== "websocket");
    this.#options = options;
    this.#events = events;
    this.#open(protocols);
  }

  get carrier() { return this.#isCarried ? "websocket" : this.#rungs[this.#step]; }

  get bufferedAmount() { return this.out.length + this.#laterBytes; }

  get #isCarried() { return this.#climb?.isCarrying ?? false; }

  send(data) {
    if (data instanceof Blob) {
      // Its bytes come later; what is sent behind it waits.
      this.#laterBytes += data.size;
      this.#sending = this.#sending.then(() => data.arrayBuffer()).then(bytes => {
        this.#laterBytes -= data.size;
        this.#write(frame(BINARY, new Uint8Array(bytes)));
      });
      this.#isSending = true;
    } else {
      const bytes = ArrayBuffer.isView(data) ? frame(BINARY, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        : data instanceof ArrayBuffer ? frame(BINARY, new Uint8Array(data)) : frame(TEXT, new TextEncoder().encode(data));
      if (this.#isSending) this.#sending = this.#sending.then(() => this.#write(bytes));
      else this.#write(bytes);
    }
  }

  close(code, reason) {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const payload = code === undefined ? [] : [code >> 8, code & 255, ...new TextEncoder().encode(reason)];
    this.#sending.then(() => this.#write(frame(CLOSE, new Uint8Array(payload))));
    setTimeout(() => this.over(), CLOSE_WAIT);
  }

  #closedByServer(code, reason) {
    this.#reason = {code, reason, wasClean: true};
    if (!this.#isClosing) this.#write(frame(CLOSE, code === 1005 ? new Uint8Array() : new Uint8Array([code >> 8, code & 255])));
    this.#isClosing = true;
    setTimeout(() => this.over(), CLOSE_WAIT);
  }

  // Requests

  address(parameters) {
    const address = new URL(this.#http);
    const own = Object.entries(parameters).map(([name, value]) => `&duplex-${name}=${value}`).join("");
    address.search = `${address.search ? `${address.search}&` : "?"}duplex=${this.#session || "open"}${own}`;
    return address.href;
  }

  #fetch(parameters, body, patience) {
    return fetch(this.address(parameters), {
      method: body ? "POST" : "GET",
      body,
      headers: body ? {"Content-Type": "application/octet-stream"} : {},
      credentials: "include",
      cache: "no-store",
      signal: AbortSignal.any([this.#abort.signal, this.#overtaken.signal, AbortSignal.timeout(patience)]),
    });
  }

  async #open(protocols) {
    const {origin} = this.#http;
    const isBlocked = Date.now() - (blocked.get(origin) ?? -Infinity) < this.#options.climbAfter;
    if (this.#climb && !isBlocked) {
      const [session, protocol] = await this.#climb.begin(this.#http.href, protocols);
      if (session) return this.#opened(session, protocol);
    }
    if (this.isOver) return;
    try {
      const answer = await this.#fetch({as: this.carrier, ...protocols.length ? {protocol: protocols.join(",")} : {}}, new Uint8Array(), SLACK);
      const [session, protocol = ""] = (await textOf(answer)).split("\n");
      if (answer.status !== 200 || !/^[\w-]{22}$/.test(session)) throw new Error(`status ${answer.status}`);
      if (this.#climb) blocked.set(origin, Date.now());
      this.#opened(session, protocol);
    } catch {
      this.over();
    }
  }

  #opened(session, protocol) {
    this.#session = session;
    addEventListener("pagehide", this.#leave);
    this.#events.opened(protocol);
    if (this.isOver) return;
    this.#fetchAll();
    this.#climb?.start();
  }

  /** A WebSocket carries: a network that has died in part may never end the requests under way. */
  rose() {
    this.#overtaken.abort();
    this.#overtaken = new AbortController();
  }

  /** A WebSocket carries no more: requests do, from here on. */
  fell() {
    this.#through = Date.now();
    this.changed();
  }

  /** Whoever waits for what carries now looks again. */
  changed() {
    this.#wake();
    this.#post();
  }

  // Down

  async #fetchAll() {
    while (!this.isOver) {
      if (this.#isCarried || this.#climb?.isSwitching) {
        await new Promise(resolve => { this.#wake = resolve; });
        continue;
      }
      this.#stepUp();
      const begun = Date.now();
      const rung = this.carrier;
      const before = this.received;
      try {
        await (rung === "stream" ? this.#stream() : rung === "events" ? this.#listen() : this.#poll(rung));
        this.#came();
        if (rung !== "poll") await this.#pause(this.received > before || Date.now() - begun >= 500);
      } catch {
        await this.#failed(rung, Date.now() - begun);
      }
      if (this.carrier === "poll" && !this.isOver) await sleep(this.#options.pollInterval);
    }
  }

  /** Whoever is answered at once, again and again, that there is nothing, asks less often. */
  async #pause(hadReason) {
    this.#empties = hadReason ? 0 : this.#empties + 1;
    if (this.#empties > 1 && !this.isOver && !this.#isCarried) await backoff(this.#empties);
  }

  async #poll(rung) {
    const hold = rung === "poll" ? 0 : this.#hold;
    const records = this.#records(this.received);
    const response = await this.#asked(rung, hold + SLACK);
    records.feed(await bytesOf(response, MOST_AT_ONCE));
  }

  /** Reads one response, whose bytes have numbers from this one on. */
  #records(from) {
    let at = from;
    return new RecordReader(bytes => {
      this.take(bytes, at);
      at += bytes.length;
    }, () => this.over());
  }

  /** Nothing within a while, not even a sign of life: someone between keeps the stream to itself. */
  async #stream() {
    const stuck = new AbortController();
    const proof = setTimeout(() => stuck.abort(), this.#options.proof);
    try {
      const records = this.#records(this.received);
      const response = await this.#asked("stream", 2 ** 31 - 1, stuck.signal);
      const reader = response.body.getReader();
      stuck.signal.addEventListener("abort", () => reader.cancel());
      for (let next = await reader.read(); !next.done && !this.isOver; next = await reader.read()) {
        clearTimeout(proof);
        this.#came();
        records.feed(next.value);
      }
      if (stuck.signal.aborted) throw new Error("nothing came");
    } finally {
      clearTimeout(proof);
    }
  }

  /** The same as Server-Sent Events: for a proxy that keeps every other response to itself. */
  #listen() {
    let at = this.acknowledged = this.received;
    const source = new EventSource(this.address({as: "events", ack: at, after: this.#climb?.switches ?? 0}), {withCredentials: true});
    return new Promise((resolve, reject) => {
      const proof = setTimeout(() => reject(new Error("nothing came")), this.#options.proof);
      const alive = () => {
        clearTimeout(proof);
        this.#came();
      };
      source.addEventListener("alive", alive);
      source.addEventListener("end", () => this.over());
      source.onmessage = ({data}) => {
        alive();
        const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
        this.take(bytes, at);
        at += bytes.length;
      };
      source.onerror = () => reject(new Error("the stream broke")); // it would come back by itself, but perhaps never
      AbortSignal.any([this.#abort.signal, this.#overtaken.signal]).addEventListener("abort", resolve, {once: true});
    }).finally(() => source.close());
  }

  async #asked(rung, patience, signal) {
    this.acknowledged = this.received;
    const asking = this.#fetch({as: rung, ack: this.received, hold: this.#hold, after: this.#climb?.switches ?? 0}, null, patience);
    const response = await (signal ? Promise.race([asking, aborted(signal)]) : asking);
    if (response.status >= 400 && response.status < 500 && !this.#isCarried) this.over();
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/octet-stream");
    if (response.status !== 200 || !isOurs) throw new Error(`status ${response.status}`);
    return response;
  }

  /** Takes bytes, the first of which has this number: of what came twice, what is new. */
  take(bytes, at) {
    const known = this.received - at;
    if (known >= bytes.length) return;
    if (known < 0) return this.over(); // bytes between are missing, and will not come
    this.received = at + bytes.length;
    this.#reader.feed(bytes.subarray(known));
    if (this.#isCarried) this.#climb.acknowledge();
    else if (this.received - this.acknowledged >= UNACKNOWLEDGED) this.#post();
  }

  #came() {
    this.#failures = 0;
    this.#through = Date.now();
  }

  async #failed(rung, lived) {
    if (this.isOver || this.#isCarried || this.#climb?.isSwitching) return;
    if (rung === "long") this.#hold = shorter(this.#hold, lived);
    this.#failures++;
    const neverCame = rung === "stream" && Date.now() - this.#through >= lived;
    if (this.#step < this.#rungs.length - 1 && (neverCame || this.#failures >= 3)) {
      this.#step++;
      this.#failures = 0;
      this.#steppedAt = Date.now();
    } else if (this.#isClosing || Date.now() - this.#through >= this.#options.patience) {
      this.over();
    } else {
      await backoff(this.#failures);
    }
  }

  #stepUp() {
    if (this.#step > 0 && Date.now() - this.#steppedAt >= this.#options.climbAfter * 2 ** Math.min(this.#climbs, MOST_DOUBLINGS)) {
      this.#step--;
      this.#climbs++;
      this.#failures = 2;
      this.#steppedAt = Date.now();
    }
  }

  // Up

  #write(bytes) {
    this.out.add(bytes);
    if (this.#isCarried) this.#climb.flushSoon();
    else this.#post();
  }

  #posting = false;

  async #post() {
    if (this.#posting || !this.#session || this.#isCarried) return;
    this.#posting = true;
    let failedAt = 0;
    for (let failures = 0; !this.isOver && !this.#isCarried && (this.out.length > 0 || this.received - this.acknowledged >= UNACKNOWLEDGED);) {
      const ack = this.received;
      const at = this.out.start;
      const begun = Date.now();
      let isAnswered = false;
      try {
        const batch = new Blob(this.out.from(at, this.#batch));
        const answer = await this.#fetch({at, ack, hold: this.#postHold}, batch, HOLD + SLACK);
        const upTo = Number((await textOf(answer)).trim());
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 409 && !this.#isCarried) this.over();
        if (answer.status !== 200 && answer.status !== 409 || !(upTo >= 0 && upTo <= this.out.end)) throw new Error(`status ${answer.status}`);
        isAnswered = true;
        this.acknowledged = Math.max(this.acknowledged, ack);
        this.out.forget(upTo);
        // A server whose application does not read has waited; who is quicker and takes nothing has no such reason.
        if (batch.size > 0 && upTo <= at && Date.now() - begun < this.#postHold / 2) throw new Error("it took nothing");
        this.#through = Date.now();
        this.#batch = Math.min(MOST_BATCH, 2 * this.#batch);
        failures = 0;
      } catch {
        if (this.#isCarried) break; // no matter what became of it
        if (!isAnswered) this.#postHold = shorter(this.#postHold, Date.now() - begun);
        this.#batch = Math.max(1024, this.#batch / 2);
        if (++failures === 1) failedAt = Date.now();
        const takesNothing = failures > POSTS && Date.now() - failedAt >= this.#options.patience;
        if (this.#isClosing && this.#reason) this.over();
        else if (takesNothing || Date.now() - this.#through >= this.#options.patience) this.#stalled();
        else await backoff(failures);
      }
    }
    this.#posting = false;
  }

  /** Whatever else comes from the server: nothing that is sent comes through. */
  #stalled() {
    this.#reason ??= {code: 1006, reason: "the server takes nothing of what is sent", wasClean: false};
    this.over();
  }

  over() {
    if (this.isOver) return;
    this.isOver = true;
    removeEventListener("pagehide", this.#leave);
    if (this.#session && !this.#reason?.wasClean) this.#leave();
    this.#abort.abort();
    this.#climb?.stop();
    this.#wake();
    this.#events.ended(this.#reason ?? {code: 1006, reason: "", wasClean: false});
  }
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("nothing came"))));
}
