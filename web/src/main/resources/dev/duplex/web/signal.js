// The signalling socket: joins a room, and takes its seat again when the connection is lost.

const SILENCE = 5000;          // after so much of it a ping asks whether the server is there
const PATIENCE = 5000;         // for the pong
const QUEUED = 64;             // messages that wait for the server to come back
const DELAYS = [100, 500, 1000, 2000, 3000];

/** Calls on.joined, on.resumed, on.message, on.lost, on.refused and on.passed(way, message). */
export class SignalSocket {
  #url; #on; #name; #token; #socket = null; #isIn = false; #hasLeft = false; #attempt = 0; #queue = []; #heard = 0; #asked = 0; #timer;

  /** @param token of the seat that this page had before it was loaded anew, if any */
  constructor(url, name, token, on) {
    this.#url = url;
    this.#name = name;
    this.#token = token;
    this.#on = on;
    this.#timer = setInterval(() => this.#look(), 1000);
    addEventListener("online", this.#look);
    this.#open({ type: "join", name, ...(token ? { token } : {}) });
  }

  /** Sends a message now, or once the server is back. */
  send(message) {
    if (this.#isIn) this.#say(message);
    else if (!this.#hasLeft && this.#queue.length < QUEUED) this.#queue.push(message);
  }

  leave() {
    if (this.#isIn) this.#say({ type: "leave" });
    this.#end();
  }

  #open(first) {
    this.#heard = this.#asked = performance.now();
    const socket = this.#socket = new WebSocket(this.#url);
    socket.onopen = () => this.#say(first);
    socket.onmessage = event => { if (socket === this.#socket) this.#hear(JSON.parse(event.data)); };
    socket.onclose = () => { if (socket === this.#socket) this.#lose(); };
  }

  #say(message) {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify(message));
    if (message.type !== "ping") this.#on.passed("sent", message);
  }

  #hear(message) {
    this.#heard = performance.now();
    if (message.type === "pong") return;
    this.#on.passed("received", message);
    if (message.type === "joined" || message.type === "resumed") this.#enter(message);
    else if (message.type === "error" && !this.#isIn) this.#refuse(message);
    else this.#on.message(message);
  }

  #enter(message) {
    this.#isIn = true;
    this.#attempt = 0;
    this.#token = message.token ?? this.#token;
    if (message.type === "joined") {
      this.#queue = []; // what was meant for calls that are no more
      this.#on.joined(message);
    } else {
      this.#on.resumed(message);
    }
    for (const waiting of this.#queue.splice(0)) this.#say(waiting);
  }

  /** A seat that has gone is joined anew; what else is refused is for people to decide. */
  #refuse(message) {
    if (message.code === "no-such-seat") {
      this.#say({ type: "join", name: this.#name });
    } else if (message.code === "too-fast") {
      this.#socket.close();
    } else {
      this.#end();
      this.#on.refused(message);
    }
  }

  #lose() {
    this.#socket.onclose = null;
    this.#socket.close();
    this.#isIn = false;
    if (this.#hasLeft) return;
    this.#on.lost();
    const delay = DELAYS[Math.min(this.#attempt++, DELAYS.length - 1)];
    setTimeout(() => {
      if (!this.#hasLeft) this.#open(this.#token ? { type: "resume", token: this.#token } : { type: "join", name: this.#name });
    }, delay * (0.5 + Math.random()));
  }

  /** A browser does not tell that a line is dead, so the page asks. */
  #look = () => {
    const now = performance.now();
    if (!this.#isIn || now - this.#heard < SILENCE) return;
    if (this.#asked <= this.#heard) {
      this.#asked = now;
      this.#say({ type: "ping" });
    } else if (now - this.#asked > PATIENCE) {
      this.#lose();
    }
  };

  #end() {
    this.#hasLeft = true;
    this.#isIn = false;
    clearInterval(this.#timer);
    removeEventListener("online", this.#look);
    this.#socket.onclose = null;
    this.#socket.close(1000);
  }
}
