// One connection over plain HTTP: its bytes, numbered both ways, over one request after another; what is lost is asked for, or
// sent, again. docs/fallback.md tells the wire.

import {FrameReader, frame, BINARY, CLOSE, PONG, TEXT} from "./framing.js";

const HOLD = 25000;
const SLACK = 10000;
const PATIENCE = 30000;
const CLOSE_WAIT = 5000;
const MOST_BATCH = 128 * 1024;
const UNACKNOWLEDGED = 64 * 1024;

const sleep = millis => new Promise(resolve => setTimeout(resolve, millis));

export class Tunnel {
  bufferedAmount = 0;
  #events;
  #options;
  #rungs;
  #http;
  #session = "";
  #step = 0;
  #steppedAt = 0;
  #failures = 0;
  #through = Date.now();
  #hold = HOLD;
  #received = 0;
  #acknowledged = 0;
  #out = [];
  #outStart = 0;
  #batch = MOST_BATCH;
  #sending = Promise.resolve();
  #isSending = false;
  #abort = new AbortController();
  #reason = null;
  #isClosing = false;
  #isOver = false;
  #leave = () => navigator.sendBeacon?.(this.#address({at: this.#outStart, ack: this.#received, end: 1}));
  #reader = new FrameReader({
    message: data => this.#events.received(data),
    ping: payload => this.#write(frame(PONG, payload)),
    closed: (code, reason) => this.#closedByServer(code, reason),
    failed: (code, reason) => this.close(code, reason),
  });

  constructor(url, protocols, rungs, options, events) {
    this.#http = new URL(url.replace(/^ws/, "http"));
    this.#rungs = rungs;
    this.#options = options;
    this.#events = events;
    this.#open(protocols);
  }

  get carrier() { return this.#rungs[this.#step]; }

  send(data) {
    if (data instanceof Blob) {
      // Its bytes come later; what is sent behind it waits.
      this.bufferedAmount += data.size;
      this.#sending = this.#sending.then(() => data.arrayBuffer()).then(bytes => {
        this.bufferedAmount -= data.size;
        this.#write(frame(BINARY, new Uint8Array(bytes)));
      });
      this.#isSending = true;
    } else {
      const bytes = typeof data === "string" ? frame(TEXT, new TextEncoder().encode(data))
        : frame(BINARY, ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data));
      if (this.#isSending) this.#sending = this.#sending.then(() => this.#write(bytes));
      else this.#write(bytes);
    }
  }

  close(code, reason) {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const text = new TextEncoder().encode(reason);
    this.#sending.then(() => this.#write(frame(CLOSE, new Uint8Array([code >> 8, code & 255, ...text]))));
    setTimeout(() => this.#over(), CLOSE_WAIT);
  }

  #closedByServer(code, reason) {
    this.#reason = {code, reason, wasClean: true};
    if (!this.#isClosing) this.#write(frame(CLOSE, code === 1005 ? new Uint8Array() : new Uint8Array([code >> 8, code & 255])));
    this.#isClosing = true;
    setTimeout(() => this.#over(), CLOSE_WAIT);
  }

  // Requests

  #address(parameters) {
    const address = new URL(this.#http);
    const own = Object.entries(parameters).map(([name, value]) => `&duplex-${name}=${value}`).join("");
    address.search = `${address.search ? `${address.search}&` : "?"}duplex=${this.#session || "open"}${own}`;
    return address.href;
  }

  #fetch(parameters, body, patience) {
    return fetch(this.#address(parameters), {
      method: body ? "POST" : "GET",
      body,
      headers: body ? {"Content-Type": "application/octet-stream"} : {},
      credentials: "include",
      cache: "no-store",
      signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(patience)]),
    });
  }

  async #open(protocols) {
    try {
      const answer = await this.#fetch({as: this.carrier, ...protocols.length ? {protocol: protocols.join(",")} : {}}, new Uint8Array(), SLACK);
      const [session, protocol = ""] = (await answer.text()).split("\n");
      if (answer.status !== 200 || !/^[\w-]{22}$/.test(session)) throw new Error(`status ${answer.status}`);
      this.#session = session;
      addEventListener("pagehide", this.#leave);
      this.#events.opened(protocol);
      this.#fetchAll();
    } catch {
      this.#over();
    }
  }

  // Down

  async #fetchAll() {
    while (!this.#isOver) {
      this.#climb();
      const begun = Date.now();
      const rung = this.carrier;
      try {
        await (rung === "stream" ? this.#stream() : rung === "events" ? this.#listen() : this.#poll(rung));
        this.#came();
      } catch {
        await this.#failed(rung, Date.now() - begun);
      }
      if (this.carrier === "poll" && !this.#isOver) await sleep(this.#options.pollInterval);
    }
  }

  async #poll(rung) {
    const hold = rung === "poll" ? 0 : this.#hold;
    const response = await this.#asked(rung, hold + SLACK);
    const records = new RecordReader(bytes => this.#take(bytes), () => this.#over());
    records.feed(new Uint8Array(await response.arrayBuffer()));
  }

  /** Nothing within a while, not even a sign of life: someone between keeps the stream to itself. */
  async #stream() {
    const stuck = new AbortController();
    const proof = setTimeout(() => stuck.abort(), this.#options.proof);
    try {
      const response = await this.#asked("stream", 2 ** 31 - 1, stuck.signal);
      const reader = response.body.getReader();
      stuck.signal.addEventListener("abort", () => reader.cancel());
      const records = new RecordReader(bytes => this.#take(bytes), () => this.#over());
      for (let next = await reader.read(); !next.done && !this.#isOver; next = await reader.read()) {
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
    this.#acknowledged = this.#received;
    const source = new EventSource(this.#address({as: "events", ack: this.#received}), {withCredentials: true});
    return new Promise((resolve, reject) => {
      const proof = setTimeout(() => reject(new Error("nothing came")), this.#options.proof);
      const alive = () => {
        clearTimeout(proof);
        this.#came();
      };
      source.addEventListener("alive", alive);
      source.addEventListener("end", () => this.#over());
      source.onmessage = ({data}) => {
        alive();
        this.#take(Uint8Array.from(atob(data), character => character.charCodeAt(0)));
      };
      source.onerror = () => reject(new Error("the stream broke")); // it would come back by itself, but perhaps never
      this.#abort.signal.addEventListener("abort", resolve, {once: true});
    }).finally(() => source.close());
  }

  async #asked(rung, patience, signal) {
    this.#acknowledged = this.#received;
    const asking = this.#fetch({as: rung, ack: this.#received, hold: Math.floor(this.#hold)}, null, patience);
    const response = await (signal ? Promise.race([asking, aborted(signal)]) : asking);
    if (response.status >= 400 && response.status < 500) this.#over();
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/octet-stream");
    if (response.status !== 200 || !isOurs) throw new Error(`status ${response.status}`);
    return response;
  }

  #take(bytes) {
    this.#received += bytes.length;
    this.#reader.feed(bytes);
    if (this.#received - this.#acknowledged >= UNACKNOWLEDGED) this.#post();
  }

  #came() {
    this.#failures = 0;
    this.#through = Date.now();
  }

  async #failed(rung, lived) {
    if (this.#isOver) return;
    if (rung === "long" && lived >= 1000) this.#hold = Math.max(1000, Math.min(this.#hold, lived) * 3 / 4);
    this.#failures++;
    const neverCame = rung === "stream" && Date.now() - this.#through >= lived;
    if (this.#step < this.#rungs.length - 1 && (neverCame || this.#failures >= 3)) {
      this.#step++;
      this.#failures = 0;
      this.#steppedAt = Date.now();
    } else if (this.#isClosing || Date.now() - this.#through >= PATIENCE) {
      this.#over();
    } else {
      await sleep(Math.min(2000, 50 * 2 ** this.#failures) * (0.5 + Math.random() / 2));
    }
  }

  #climb() {
    if (this.#step > 0 && Date.now() - this.#steppedAt >= this.#options.climbAfter) {
      this.#step--;
      this.#failures = 2;
      this.#steppedAt = Date.now();
    }
  }

  // Up

  #write(bytes) {
    this.#out.push(bytes);
    this.bufferedAmount += bytes.length;
    this.#post();
  }

  #posting = false;

  async #post() {
    if (this.#posting || !this.#session) return;
    this.#posting = true;
    for (let failures = 0; !this.#isOver && (this.#out.length > 0 || this.#received - this.#acknowledged >= UNACKNOWLEDGED);) {
      const ack = this.#received;
      try {
        const answer = await this.#fetch({at: this.#outStart, ack}, this.#next(), HOLD + SLACK);
        const upTo = Number((await answer.text()).trim());
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) this.#over();
        if (answer.status !== 200 && answer.status !== 409 || !(upTo >= this.#outStart)) throw new Error(`status ${answer.status}`);
        this.#acknowledged = Math.max(this.#acknowledged, ack);
        this.#forget(upTo - this.#outStart);
        this.#through = Date.now();
        this.#batch = Math.min(MOST_BATCH, 2 * this.#batch);
        failures = 0;
      } catch {
        this.#batch = Math.max(1024, this.#batch / 2);
        if (this.#isClosing && this.#reason || Date.now() - this.#through >= PATIENCE) this.#over();
        else await sleep(Math.min(2000, 50 * 2 ** ++failures) * (0.5 + Math.random() / 2));
      }
    }
    this.#posting = false;
  }

  /** The bytes of one POST: many small messages together, a large one in pieces. */
  #next() {
    const batch = [];
    let length = 0;
    for (const bytes of this.#out) {
      if (length === this.#batch) break;
      batch.push(bytes.subarray(0, this.#batch - length));
      length += batch.at(-1).length;
    }
    return new Blob(batch);
  }

  #forget(count) {
    this.#outStart += count;
    this.bufferedAmount -= count;
    while (count > 0) {
      const first = this.#out[0];
      if (first.length > count) this.#out[0] = first.subarray(count);
      else this.#out.shift();
      count -= Math.min(count, first.length);
    }
  }

  #over() {
    if (this.#isOver) return;
    this.#isOver = true;
    removeEventListener("pagehide", this.#leave);
    if (this.#session && !this.#reason) this.#leave();
    this.#abort.abort();
    this.#events.ended(this.#reason ?? {code: 1006, reason: "", wasClean: false});
  }
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("nothing came"))));
}

/** Records of a response: a length of four bytes, and so many bytes; nothing is a sign of life, all ones the end. */
class RecordReader {
  #piece;
  #end;
  #head = [];
  #left = 0;

  constructor(piece, end) {
    this.#piece = piece;
    this.#end = end;
  }

  feed(bytes) {
    for (let at = 0; at < bytes.length;) {
      if (this.#left > 0) {
        const piece = bytes.subarray(at, at + this.#left);
        this.#left -= piece.length;
        at += piece.length;
        this.#piece(piece);
      } else if (this.#head.push(bytes[at++]) === 4) {
        this.#left = this.#head.reduce((sum, byte) => sum * 256 + byte, 0);
        this.#head = [];
        if (this.#left === 0xffffffff) return this.#end();
      }
    }
  }
}
