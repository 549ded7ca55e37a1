// The upper end of the ladder: a WebSocket that carries a session's bytes, and the tries to open one while none does.
// docs/fallback.md tells the wire.

import {joined} from "./framing.js";

/** What the server may have sent beyond the last acknowledgement, before one is sent by itself. */
export const UNACKNOWLEDGED = 64 * 1024;

const WINDOW = 256 * 1024;
const PIECE = 32 * 1024;
const ACKNOWLEDGE_AFTER = 250;
const MOST_DOUBLINGS = 5;
const SUBPROTOCOL = "duplex.session";

export class Climb {
  /** How many WebSockets were asked to carry. */
  switches = 0;
  /** Whether the server has been asked to send over a WebSocket, and has not yet answered. */
  isSwitching = false;
  #tunnel;
  #options;
  #socket = null;
  #falls = 0;
  #carriedAt = 0;
  #at = 0;
  #sent = 0;
  #next = 0;
  #heard = 0;
  #questionAt = 0;
  #isFlushing = false;
  #timers = {};

  constructor(tunnel, options) {
    this.#tunnel = tunnel;
    this.#options = options;
  }

  get isCarrying() { return this.#socket !== null; }

  /** Opens the session over a WebSocket: tells its name and subprotocol, or nothing. */
  async begin(address, protocols) {
    const socket = new CarryingSocket(address.replace(/^http/, "ws"), [...protocols, SUBPROTOCOL]);
    try {
      const [session, protocol = ""] = (await socket.text(2 * this.#options.proof)).split("\n");
      socket.send("0");
      await socket.number(this.#options.proof);
      if (this.#tunnel.isOver || !/^[\w-]{22}$/.test(session)) throw new Error("not a session");
      this.#adopt(socket, 0);
      return [session, protocol];
    } catch {
      socket.close();
      return [];
    }
  }

  /** The session is open. */
  start() {
    this.#timers.check = setInterval(() => this.#check(), Math.min(1000, this.#options.proof));
    if (this.#socket) this.#listen(this.#socket);
    else this.#climbLater();
  }

  #adopt(socket, wanted) {
    this.#socket = socket;
    this.#carriedAt = this.#heard = Date.now();
    this.#questionAt = 0;
    this.#tunnel.out.forget(wanted);
    this.#sent = this.#next = wanted;
  }

  #listen(socket) {
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
      this.#tunnel.take(new Uint8Array(data), at);
    } else if (data === "end") {
      this.#tunnel.over();
    } else if (data.startsWith("at ")) {
      this.#at = Number(data.slice(3));
    } else {
      this.#tunnel.out.forget(Number(data));
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
    this.#tunnel.fell();
    this.#climbLater();
  }

  /** Longer from try to try, and never the same for two pages that were thrown down at once. */
  #climbLater() {
    if (this.#tunnel.isOver) return;
    const most = this.#options.climbAfter * 2 ** Math.min(this.#falls, MOST_DOUBLINGS);
    this.#timers.climb = setTimeout(() => this.#ascend(), most * (0.5 + Math.random() / 2));
  }

  /** One try; the connection goes on as before until both ways have shown that they let something through. */
  async #ascend() {
    const socket = new CarryingSocket(this.#tunnel.address({as: "socket", after: this.switches + 1}).replace(/^http/, "ws"), [SUBPROTOCOL]);
    try {
      const wanted = Number(await socket.number(2 * this.#options.proof));
      if (this.#tunnel.isOver || !(wanted >= 0 && wanted <= this.#tunnel.out.end)) throw new Error("not wanted");
      this.isSwitching = true;
      this.switches++;
      this.#at = this.#tunnel.acknowledged = this.#tunnel.received;
      socket.send(String(this.#tunnel.received));
      await socket.number(this.#options.proof);
      if (this.#tunnel.isOver) throw new Error("too late");
      this.#adopt(socket, wanted);
      this.#tunnel.rose();
      this.#listen(socket);
    } catch {
      socket.close();
      this.#falls++;
      this.#climbLater();
    } finally {
      this.isSwitching = false;
      this.#tunnel.changed();
    }
  }

  /** Each number that is told is a question, too: the server answers with its own. */
  #tell() {
    this.#tunnel.acknowledged = this.#tunnel.received;
    this.#questionAt ||= Date.now();
    this.#socket.send(String(this.#tunnel.received));
  }

  /** Looks whether anything comes through still: a proxy may begin to swallow at any time. */
  #check() {
    const {proof} = this.#options;
    if (!this.#socket) return;
    if (this.#questionAt && Date.now() - this.#questionAt >= 3 * proof) this.#fall();
    else if (!this.#questionAt && Date.now() - this.#heard >= (this.#tunnel.out.length > 0 ? 1 : 4) * proof) this.#tell();
  }

  /** What else is sent at this moment goes along. */
  flushSoon() {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush() {
    const {out} = this.#tunnel;
    while (this.#socket) {
      this.#sent = Math.max(this.#sent, out.start);
      const piece = joined(out.from(this.#sent, Math.min(PIECE, WINDOW - (this.#sent - out.start))));
      if (piece.length === 0) return;
      if (this.#sent !== this.#next) this.#socket.send(`at ${this.#sent}`);
      this.#socket.send(piece);
      this.#next = this.#sent += piece.length;
    }
  }

  acknowledge() {
    const owed = this.#tunnel.received - this.#tunnel.acknowledged;
    if (owed >= UNACKNOWLEDGED) this.#tell();
    else this.#timers.tell ??= setTimeout(() => {
      delete this.#timers.tell;
      if (this.#socket && this.#tunnel.received > this.#tunnel.acknowledged) this.#tell();
    }, ACKNOWLEDGE_AFTER);
  }

  /** Says that no more bytes will come; false if there is nobody to say it to. */
  end() {
    this.#socket?.send("end");
    return this.#socket !== null;
  }

  stop() {
    clearInterval(this.#timers.check);
    clearTimeout(this.#timers.climb);
    clearTimeout(this.#timers.tell);
    this.#socket?.close();
    this.#socket = null;
  }
}

/** A WebSocket that carries a session: its texts may be awaited first, and then all goes, in order, to who uses it. */
class CarryingSocket {
  #waiting = [];
  #came = () => {};
  #user = null;
  #socket;

  constructor(url, protocols) {
    this.#socket = new WebSocket(url, protocols);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = ({data}) => this.#pass(data);
    this.#socket.onclose = () => this.#pass(null);
  }

  /** The next text that is a number; what else comes before stays for who uses this. */
  number(patience) { return this.text(patience, /^\d+$/); }

  /** The next text, within so many milliseconds. */
  async text(patience, pattern = /^/) {
    const end = Date.now() + patience;
    for (;;) {
      const at = this.#waiting.findIndex(data => data === null || typeof data === "string" && pattern.test(data));
      if (at >= 0 && this.#waiting[at] !== null) return this.#waiting.splice(at, 1)[0];
      if (at >= 0 || Date.now() >= end) throw new Error("nothing comes through");
      await new Promise(resolve => {
        this.#came = resolve;
        setTimeout(resolve, end - Date.now());
      });
    }
  }

  /** @param user called with each message, and with null at the end */
  use(user) {
    this.#user = user;
    for (const data of this.#waiting.splice(0)) user(data);
  }

  send(data) { this.#socket.send(data); }

  close() { this.#socket.close(1000); }

  #pass(data) {
    if (this.#user) return this.#user(data);
    this.#waiting.push(data);
    this.#came();
  }
}
