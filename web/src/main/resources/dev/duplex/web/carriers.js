// One feed over each carrier, and what it costs: a WebSocket, and the frames of one over plain HTTP (docs/fallback.md).

const TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;
const POLL_MILLIS = 1000;
const RECORD_END = 0xffffffff;
const utf8 = new TextEncoder(), text = new TextDecoder();

/** The bytes of a response's head: what the browser shows of it is what came. */
const headBytes = response => [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 19);

/** What is counted of one carrier. */
class Counts {
  messages = 0; requests = 0; bytes = 0; latencies = [];

  /** @param data the text of a message of the feed: its time stands at a fixed place */
  message(data, offsetMillis) {
    if (!data.startsWith('{"seq":')) return false;
    this.messages++;
    this.latencies.push(performance.timeOrigin + performance.now() + offsetMillis - Number(data.slice(25, 41)) / 1000);
    return true;
  }
}

/** A feed over a WebSocket. */
export class Socket {
  counts = new Counts();
  #socket;

  constructor(address, { offsetMillis, ended }) {
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => { this.#send("head"); this.#send("start 0"); };
    this.#socket.onmessage = ({ data }) => {
      if (this.counts.message(data, offsetMillis)) this.counts.bytes += data.length + (data.length < 126 ? 2 : 4);
      else this.#opened(Number(data.split(" ")[1]));
    };
    this.#socket.onclose = event => ended(`${event.code}`);
  }

  #send(words) {
    this.#socket.send(words);
    if (words !== "head") this.counts.bytes += words.length + 6;
  }

  /** The handshake is a request, and an answer of 129 bytes at least (RFC 6455 §4.2.2). */
  #opened(requestBytes) {
    const extensions = this.#socket.extensions;
    this.counts.requests++;
    this.counts.bytes += requestBytes + 129 + (extensions ? extensions.length + 28 : 0);
  }

  close() {
    this.#socket.onclose = null;
    this.#socket.close();
  }
}

/** A feed over plain HTTP: "poll", "long" or "stream". */
export class Fallback {
  counts = new Counts();
  #address; #delivery; #terms;
  #session = "";
  #sent = 0; #received = 0;
  #frames = new Uint8Array(0);
  #stop = new AbortController();

  /** @param terms what the lab knows: a request's size, the server's clock, and whom to tell of the end */
  constructor(address, delivery, terms) {
    this.#address = address;
    this.#delivery = delivery;
    this.#terms = terms;
    this.#run().catch(failed => { if (!this.#stop.signal.aborted) terms.ended(failed.message); });
  }

  async #run() {
    const opened = await this.#fetch(`duplex=open&duplex-as=${this.#delivery}`, "");
    this.#session = (await opened.text()).split("\n")[0];
    await this.#send(TEXT, utf8.encode("start 0"));
    while (!this.#stop.signal.aborted) {
      const answer = await this.#fetch(`duplex=${this.#session}&duplex-as=${this.#delivery}&duplex-ack=${this.#received}`);
      if (this.#delivery === "stream") await this.#stream(answer);
      else await this.#records(new Uint8Array(await answer.arrayBuffer()));
      if (this.#delivery === "poll") await new Promise(resolve => setTimeout(resolve, POLL_MILLIS));
    }
  }

  async #fetch(parameters, body) {
    const url = `${this.#address}&${parameters}`;
    const sends = body !== undefined;
    const answer = await fetch(url, {
      method: sends ? "POST" : "GET", body, signal: this.#stop.signal, cache: "no-store",
      headers: sends && body.length ? { "Content-Type": "application/octet-stream" } : {},
    });
    this.counts.requests++;
    this.counts.bytes += this.#terms.headBytes + url.length + (body?.length ?? 0) + headBytes(answer);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    if (sends) this.counts.bytes += Number(answer.headers.get("Content-Length"));
    return answer;
  }

  async #stream(answer) {
    const reader = answer.body.getReader();
    let rest = new Uint8Array(0);
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
      this.counts.bytes += value.length.toString(16).length + 4; // a chunk's own frame
      rest = await this.#records(joined(rest, value), value.length);
    }
  }

  /** Takes every whole record, and returns what is left. */
  async #records(bytes, news = bytes.length) {
    this.counts.bytes += news;
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0);
      if (length === RECORD_END) throw new Error("the feed has ended");
      if (bytes.length - at - 4 < length) break;
      this.#received += length;
      this.#frames = joined(this.#frames, bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    await this.#takeFrames();
    return bytes.subarray(at);
  }

  /** The server's frames are not masked (RFC 6455 §5.1); the feed's fit into one frame each. */
  async #takeFrames() {
    for (let frame = head(this.#frames); frame && this.#frames.length >= frame.end; frame = head(this.#frames)) {
      const payload = this.#frames.slice(frame.at, frame.end);
      this.#frames = this.#frames.subarray(frame.end);
      if (frame.opcode === TEXT) this.counts.message(text.decode(payload), this.#terms.offsetMillis);
      else if (frame.opcode === PING) await this.#send(PONG, payload);
      else if (frame.opcode === CLOSE) throw new Error(payload.length < 2 ? "1005" : String(payload[0] << 8 | payload[1]));
    }
  }

  async #send(opcode, payload) {
    const key = crypto.getRandomValues(new Uint8Array(4));
    const frame = Uint8Array.of(0x80 | opcode, 0x80 | payload.length, ...key, ...payload.map((byte, i) => byte ^ key[i % 4]));
    const at = this.#sent;
    this.#sent += frame.length;
    await this.#fetch(`duplex=${this.#session}&duplex-at=${at}&duplex-ack=${this.#received}`, frame);
  }

  close() {
    this.#stop.abort();
    if (!this.#session) return;
    const end = Uint8Array.of(0x80 | CLOSE, 0x82, 0, 0, 0, 0, 0x03, 0xe8); // 1000, with a key of zeros: nobody reads it but the server
    fetch(`${this.#address}&duplex=${this.#session}&duplex-at=${this.#sent}&duplex-ack=${this.#received}`,
      { method: "POST", body: end, headers: { "Content-Type": "application/octet-stream" } }).catch(() => {});
  }
}

/** Where the first frame's payload begins and ends; null if its header is not whole. */
function head(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 0x7f;
  const at = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < at) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = short < 126 ? short : short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
  return { opcode: bytes[0] & 0x0f, at, end: at + length };
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
