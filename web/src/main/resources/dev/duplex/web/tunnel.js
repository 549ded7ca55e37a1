// One connection over whatever gets through: its bytes, numbered both ways, over a WebSocket, else over one request after another;
// what is lost is asked for, or sent, again. docs/fallback.md tells the wire.

import {CarryingSocket, FrameReader, RecordReader, frame, joined, BINARY, CLOSE, PONG, TEXT} from "./framing.js";

const HOLD = 25000;
const SLACK = 10000;
const PATIENCE = 30000;
const CLOSE_WAIT = 5000;
const MOST_BATCH = 128 * 1024;
const UNACKNOWLEDGED = 64 * 1024;
const WINDOW = 256 * 1024;
const PIECE = 32 * 1024;
const ACKNOWLEDGE_AFTER = 250;
const MOST_DOUBLINGS = 5;
const SUBPROTOCOL = "duplex.session";

/** When a WebSocket last failed where plain HTTP went through, by origin. */
const blocked = new Map();

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
  #climbs = 0;
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
  #socket = null;
  #hasSockets = false;
  #isSwitching = false;
  #switches = 0;
  #falls = 0;
  #carriedAt = 0;
  #at = 0;
  #sent = 0;
  #next = 0;
  #heard = 0;
  #questionAt = 0;
  #timers = {};
  #wake = () => {};
  #leave = () => {
    if (this.#socket) this.#socket.send("end");
    else navigator.sendBeacon?.(this.#address({at: this.#outStart, ack: this.#received, end: 1}));
  };
  #reader = new FrameReader({
    message: data => this.#events.received(data),
    ping: payload => this.#write(frame(PONG, payload)),
    closed: (code, reason) => this.#closedByServer(code, reason),
    failed: (code, reason) => this.close(code, reason),
  });

  constructor(url, protocols, rungs, options, events) {
    this.#http = new URL(url.replace(/^ws/, "http"));
    this.#hasSockets = rungs.includes("websocket");
    this.#rungs = rungs.filter(rung => rung !== "websocket");
    this.#options = options;
    this.#events = events;
    this.#open(protocols);
  }

  get carrier() { return this.#socket ? "websocket" : this.#rungs[this.#step]; }

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
    const {origin} = this.#http;
    const isBlocked = Date.now() - (blocked.get(origin) ?? -Infinity) < this.#options.climbAfter;
    if (this.#hasSockets && !isBlocked && await this.#begin(protocols)) return;
    try {
      const answer = await this.#fetch({as: this.carrier, ...protocols.length ? {protocol: protocols.join(",")} : {}}, new Uint8Array(), SLACK);
      const [session, protocol = ""] = (await answer.text()).split("\n");
      if (answer.status !== 200 || !/^[\w-]{22}$/.test(session)) throw new Error(`status ${answer.status}`);
      if (this.#hasSockets) blocked.set(origin, Date.now());
      this.#opened(session, protocol);
      this.#climbLater();
    } catch {
      this.#over();
    }
  }

  /** Opens the session over a WebSocket; tells whether that went well. */
  async #begin(protocols) {
    const socket = new CarryingSocket(this.#http.href.replace(/^http/, "ws"), [...protocols, SUBPROTOCOL]);
    try {
      const [session, protocol = ""] = (await socket.text(2 * this.#options.proof)).split("\n");
      socket.send("0");
      await socket.text(this.#options.proof);
      if (this.#isOver || !/^[\w-]{22}$/.test(session)) throw new Error("not a session");
      this.#carryOver(socket, 0);
      this.#opened(session, protocol);
      return true;
    } catch {
      socket.close();
      return this.#isOver;
    }
  }

  #opened(session, protocol) {
    this.#session = session;
    addEventListener("pagehide", this.#leave);
    this.#events.opened(protocol);
    if (this.#isOver) return;
    this.#fetchAll();
    if (this.#hasSockets) this.#timers.check = setInterval(() => this.#check(), Math.min(1000, this.#options.proof));
  }

  // Over a WebSocket

  #carryOver(socket, wanted) {
    this.#socket = socket;
    this.#carriedAt = this.#heard = Date.now();
    this.#questionAt = 0;
    this.#forget(wanted - this.#outStart);
    this.#sent = this.#next = wanted;
    socket.use(data => this.#fromSocket(socket, data));
    this.#flush();
  }

  #fromSocket(socket, data) {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    this.#questionAt = 0;
    if (data === null) {
      this.#fall();
    } else if (typeof data !== "string") {
      const at = this.#at;
      this.#at += data.byteLength;
      this.#take(new Uint8Array(data), at);
    } else if (data === "end") {
      this.#over();
    } else if (data.startsWith("at ")) {
      this.#at = Number(data.slice(3));
    } else {
      this.#forget(Number(data) - this.#outStart);
      this.#flush();
    }
  }

  /** By requests from here on, with all that is not known to have come. */
  #fall() {
    const hasHeld = Date.now() - this.#carriedAt >= this.#options.climbAfter;
    this.#falls = hasHeld ? 0 : this.#falls + 1;
    const lost = this.#socket;
    this.#socket = null;
    lost.close();
    this.#through = Date.now();
    this.#wake();
    this.#post();
    this.#climbLater();
  }

  /** Longer from try to try, and never the same for two pages that were thrown down at once. */
  #climbLater() {
    if (!this.#hasSockets || this.#isOver) return;
    const most = this.#options.climbAfter * 2 ** Math.min(this.#falls, MOST_DOUBLINGS);
    this.#timers.climb = setTimeout(() => this.#ascend(), most * (0.5 + Math.random() / 2));
  }

  /** One try; the connection goes on as before until both ways have shown that they let something through. */
  async #ascend() {
    const socket = new CarryingSocket(this.#address({as: "socket"}).replace(/^http/, "ws"), [SUBPROTOCOL]);
    try {
      const wanted = Number(await socket.text(2 * this.#options.proof));
      if (this.#isOver || !(wanted >= 0)) throw new Error("not wanted");
      this.#isSwitching = true;
      this.#switches++;
      this.#at = this.#acknowledged = this.#received;
      socket.send(String(this.#received));
      await socket.text(this.#options.proof);
      if (this.#isOver) throw new Error("too late");
      this.#carryOver(socket, wanted);
    } catch {
      socket.close();
      this.#falls++;
      this.#climbLater();
    } finally {
      this.#isSwitching = false;
      this.#wake();
    }
  }

  /** Each number that is told is a question, too: the server answers with its own. */
  #tell() {
    this.#acknowledged = this.#received;
    this.#questionAt ||= Date.now();
    this.#socket.send(String(this.#received));
  }

  /** Looks whether anything comes through still: a proxy may begin to swallow at any time. */
  #check() {
    const {proof} = this.#options;
    if (!this.#socket) return;
    if (this.#questionAt && Date.now() - this.#questionAt >= 3 * proof) this.#fall();
    else if (!this.#questionAt && Date.now() - this.#heard >= (this.#out.length > 0 ? 1 : 4) * proof) this.#tell();
  }

  #flush() {
    for (;;) {
      this.#sent = Math.max(this.#sent, this.#outStart);
      const room = Math.min(PIECE, WINDOW - (this.#sent - this.#outStart));
      const piece = this.#socket && room > 0 ? joined(this.#batchFrom(this.#sent - this.#outStart, room)) : [];
      if (piece.length === 0) return;
      if (this.#sent !== this.#next) this.#socket.send(`at ${this.#sent}`);
      this.#socket.send(piece);
      this.#next = this.#sent += piece.length;
    }
  }

  // Down

  async #fetchAll() {
    while (!this.#isOver) {
      if (this.#socket || this.#isSwitching) {
        await new Promise(resolve => { this.#wake = resolve; });
        continue;
      }
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
    const records = this.#records(this.#received);
    const response = await this.#asked(rung, hold + SLACK);
    records.feed(new Uint8Array(await response.arrayBuffer()));
  }

  /** Reads one response, whose bytes have numbers from this one on. */
  #records(from) {
    let at = from;
    return new RecordReader(bytes => {
      this.#take(bytes, at);
      at += bytes.length;
    }, () => this.#over());
  }

  /** Nothing within a while, not even a sign of life: someone between keeps the stream to itself. */
  async #stream() {
    const stuck = new AbortController();
    const proof = setTimeout(() => stuck.abort(), this.#options.proof);
    try {
      const records = this.#records(this.#received);
      const response = await this.#asked("stream", 2 ** 31 - 1, stuck.signal);
      const reader = response.body.getReader();
      stuck.signal.addEventListener("abort", () => reader.cancel());
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
    let at = this.#acknowledged = this.#received;
    const source = new EventSource(this.#address({as: "events", ack: at, after: this.#switches}), {withCredentials: true});
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
        const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
        this.#take(bytes, at);
        at += bytes.length;
      };
      source.onerror = () => reject(new Error("the stream broke")); // it would come back by itself, but perhaps never
      this.#abort.signal.addEventListener("abort", resolve, {once: true});
    }).finally(() => source.close());
  }

  async #asked(rung, patience, signal) {
    this.#acknowledged = this.#received;
    const asking = this.#fetch({as: rung, ack: this.#received, hold: Math.floor(this.#hold), after: this.#switches}, null, patience);
    const response = await (signal ? Promise.race([asking, aborted(signal)]) : asking);
    if (response.status >= 400 && response.status < 500) this.#over();
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/octet-stream");
    if (response.status !== 200 || !isOurs) throw new Error(`status ${response.status}`);
    return response;
  }

  /** Takes bytes, the first of which has this number: of what came twice, what is new. */
  #take(bytes, at) {
    const known = this.#received - at;
    if (known >= bytes.length) return;
    this.#received = at + bytes.length;
    this.#reader.feed(bytes.subarray(known));
    const isDue = this.#received - this.#acknowledged >= UNACKNOWLEDGED;
    if (isDue && this.#socket) this.#tell();
    else if (isDue) this.#post();
    else this.#timers.tell ??= setTimeout(() => {
      delete this.#timers.tell;
      if (this.#socket && this.#received > this.#acknowledged) this.#tell();
    }, ACKNOWLEDGE_AFTER);
  }

  #came() {
    this.#failures = 0;
    this.#through = Date.now();
  }

  async #failed(rung, lived) {
    if (this.#isOver || this.#socket || this.#isSwitching) return;
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
    if (this.#step > 0 && Date.now() - this.#steppedAt >= this.#options.climbAfter * 2 ** Math.min(this.#climbs, MOST_DOUBLINGS)) {
      this.#step--;
      this.#climbs++;
      this.#failures = 2;
      this.#steppedAt = Date.now();
    }
  }

  // Up

  #write(bytes) {
    this.#out.push(bytes);
    this.bufferedAmount += bytes.length;
    if (this.#socket && !this.#isFlushing) queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
    this.#isFlushing = this.#socket !== null;
    this.#post();
  }

  #isFlushing = false;
  #posting = false;

  async #post() {
    if (this.#posting || !this.#session || this.#socket) return;
    this.#posting = true;
    for (let failures = 0; !this.#isOver && !this.#socket && (this.#out.length > 0 || this.#received - this.#acknowledged >= UNACKNOWLEDGED);) {
      const ack = this.#received;
      try {
        const answer = await this.#fetch({at: this.#outStart, ack}, new Blob(this.#batchFrom(0, this.#batch)), HOLD + SLACK);
        const upTo = Number((await answer.text()).trim());
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) this.#over();
        if (answer.status !== 200 && answer.status !== 409 || !(upTo >= 0)) throw new Error(`status ${answer.status}`);
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

  /** So many bytes at most, behind so many others: many small messages together, a large one in pieces. */
  #batchFrom(behind, most) {
    const batch = [];
    let skip = behind, length = 0;
    for (const bytes of this.#out) {
      if (length === most) break;
      if (skip < bytes.length) {
        batch.push(bytes.subarray(skip, skip + most - length));
        length += batch.at(-1).length;
      }
      skip = Math.max(0, skip - bytes.length);
    }
    return batch;
  }

  #forget(count) {
    if (!(count > 0)) return; // it was known
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
    clearInterval(this.#timers.check);
    clearTimeout(this.#timers.climb);
    this.#socket?.close();
    this.#socket = null;
    this.#wake();
    this.#events.ended(this.#reason ?? {code: 1006, reason: "", wasClean: false});
  }
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("nothing came"))));
}
