// A WebSocket that gets through: with the interface of the browser's own, it opens again when it is lost, and where a proxy lets no
// WebSocket pass it takes plain HTTP: a stream, else long polling, else polling; or Server-Sent Events, if asked for. It moves between
// them while it is open, and loses nothing. No dependency. docs/fallback.md tells what passes.

import {Tunnel} from "./tunnel.js";

/** After these the same would only happen again: done, against the policy, not authenticated, forbidden. */
const FINAL_CODES = [1000, 1008, 3000, 3003];

const DEFAULTS = {
  rungs: ["websocket", "stream", "long", "poll"],
  reconnect: {first: 500, most: 30000, settled: 10000},
  proof: 3000,
  climbAfter: 10000,
  pollInterval: 1000,
  patience: 30000,
};

/** The origins whose servers know nothing of sessions: a WebSocket there is one and no more. */
const plain = new Set();

/** RFC 6455 §4.1: a token (RFC 9110 §5.6.2). */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~\w]+$/;

export class DuplexSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  #url;
  #binaryType = "blob";
  #extensions = "";
  #protocol = "";
  #readyState = 0;
  #options;
  #protocols;
  #line = null;
  #attempt = 0;
  #openedAt = 0;
  #timer = 0;
  #handlers = {};

  constructor(url, protocols = [], options = {}) {
    super();
    const address = new URL(url, location.href);
    address.protocol = {"http:": "ws:", "https:": "wss:"}[address.protocol] ?? address.protocol;
    if (!["ws:", "wss:"].includes(address.protocol) || address.hash) throw new DOMException(`'${url}' is not the address of a WebSocket`, "SyntaxError");
    this.#url = address.href;
    this.#protocols = typeof protocols === "string" ? [protocols] : Array.from(protocols, String);
    if (new Set(this.#protocols).size < this.#protocols.length || !this.#protocols.every(name => SUBPROTOCOL.test(name))) {
      throw new DOMException(`'${this.#protocols}' are not subprotocols`, "SyntaxError");
    }
    this.#options = {...DEFAULTS, ...options};
    for (const type of ["open", "message", "error", "close", "reconnecting"]) this.#handler(type);
    queueMicrotask(() => this.#connect());
  }

  get CONNECTING() { return 0; }
  get OPEN() { return 1; }
  get CLOSING() { return 2; }
  get CLOSED() { return 3; }

  get url() { return this.#url; }
  get extensions() { return this.#extensions; }
  get protocol() { return this.#protocol; }
  get readyState() { return this.#readyState; }

  get binaryType() { return this.#binaryType; }
  set binaryType(type) { if (type === "blob" || type === "arraybuffer") this.#binaryType = type; }

  /** What carries it now: "websocket", "stream", "events", "long" or "poll"; empty while nothing does. */
  get carrier() { return this.#line?.carrier ?? ""; }

  get bufferedAmount() { return this.#line?.bufferedAmount ?? 0; }

  send(data) {
    if (arguments.length === 0) throw new TypeError("there is nothing to send");
    if (this.readyState === DuplexSocket.CONNECTING) throw new DOMException("it is still connecting", "InvalidStateError");
    if (this.readyState === DuplexSocket.OPEN) this.#line.send(data instanceof Blob || data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data : String(data));
  }

  close(code, reason = "") {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`the code must be 1000, or 3000 to 4999, not ${code}`, "InvalidAccessError");
    }
    if (new TextEncoder().encode(reason).length > 123) throw new DOMException("the reason has more than 123 bytes", "SyntaxError");
    if (this.readyState >= DuplexSocket.CLOSING) return;
    clearTimeout(this.#timer);
    this.#readyState = DuplexSocket.CLOSING;
    if (this.#line) this.#line.close(reason && code === undefined ? 1000 : code, reason);
    else queueMicrotask(() => this.#end({code: 1006, reason: "", wasClean: false}));
  }

  // Opening

  async #connect() {
    const {origin} = new URL(this.url);
    const {rungs} = this.#options;
    const hasPlain = rungs.includes("websocket");
    const hasOthers = rungs.some(rung => rung !== "websocket");
    if (hasOthers && !plain.has(origin) && await this.#open(line => new Tunnel(this.url, this.#protocols, rungs, this.#options, line))) return;
    if (hasPlain && this.readyState === DuplexSocket.CONNECTING && await this.#open(line => this.#openSocket(line))) {
      if (hasOthers) plain.add(origin);
      return;
    }
    plain.delete(origin);
    this.#lost({code: 1006, reason: "", wasClean: false});
  }

  /** Tells whether a line has opened; what it says afterwards goes to the application. */
  #open(begin) {
    return new Promise(resolve => {
      let isOpen = false;
      const line = begin({
        opened: (protocol, extensions = "") => {
          if (this.readyState >= DuplexSocket.CLOSING) return line.close(1000, "");
          isOpen = true;
          this.#line = line;
          this.#opened(protocol, extensions);
          resolve(true);
        },
        received: data => this.#received(data),
        ended: reason => {
          if (!isOpen) return resolve(false);
          this.#line = null;
          this.#lost(reason);
        },
      });
    });
  }

  #openSocket(events) {
    const socket = new WebSocket(this.url, this.#protocols);
    const patience = setTimeout(() => socket.close(), 2 * this.#options.proof);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { clearTimeout(patience); events.opened(socket.protocol, socket.extensions); };
    socket.onmessage = event => events.received(event.data);
    socket.onclose = event => {
      clearTimeout(patience);
      events.ended(event);
    };
    return {
      carrier: "websocket",
      get bufferedAmount() { return socket.bufferedAmount; },
      send: data => socket.send(data),
      close: (code, reason) => code === undefined ? socket.close() : socket.close(code, reason),
    };
  }

  #opened(protocol, extensions) {
    this.#protocol = protocol;
    this.#extensions = extensions;
    this.#readyState = DuplexSocket.OPEN;
    this.#openedAt = Date.now();
    this.dispatchEvent(new Event("open"));
  }

  #received(data) {
    const isBlob = typeof data !== "string" && this.#binaryType === "blob";
    this.dispatchEvent(new MessageEvent("message", {data: isBlob ? new Blob([data]) : data, origin: new URL(this.url).origin}));
  }

  // Losing

  #lost({code, reason, wasClean}) {
    const rules = this.#options.reconnect;
    if (!rules || this.readyState >= DuplexSocket.CLOSING || FINAL_CODES.includes(code)) return this.#end({code, reason, wasClean});
    this.#attempt = this.#openedAt && Date.now() - this.#openedAt >= rules.settled ? 1 : this.#attempt + 1;
    this.#openedAt = 0;
    this.#readyState = DuplexSocket.CONNECTING;
    // Full jitter: a thousand pages that lost the same server do not come back at the same moment.
    const delay = Math.random() * Math.min(rules.most, rules.first * 2 ** (this.#attempt - 1));
    this.dispatchEvent(new CustomEvent("reconnecting", {detail: {attempt: this.#attempt, delay, code, reason}}));
    if (this.readyState === DuplexSocket.CONNECTING) this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #end({code, reason, wasClean}) {
    if (this.readyState === DuplexSocket.CLOSED) return;
    this.#readyState = DuplexSocket.CLOSED;
    if (!wasClean) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(new CloseEvent("close", {code, reason, wasClean}));
  }

  #handler(type) {
    Object.defineProperty(this, `on${type}`, {
      get: () => this.#handlers[type] ?? null,
      set: handler => {
        if (this.#handlers[type]) this.removeEventListener(type, this.#handlers[type]);
        this.#handlers[type] = typeof handler === "function" ? handler : null;
        if (this.#handlers[type]) this.addEventListener(type, handler);
      },
    });
  }
}
