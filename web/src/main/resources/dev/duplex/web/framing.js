// What stands in requests, responses and messages: the frames of RFC 6455, as a client reads and writes them where the browser's own
// WebSocket does not, and the records around them.

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PONG = 10;
const PING = 9;

/** More than any server sends in one message. */
const MOST = 256 * 1024 * 1024;

/** One whole frame, masked with zeros: a mask keeps proxies from reading frames as requests, and here they stand in bodies. */
export function frame(opcode, payload) {
  const length = payload.length;
  const head = length < 126 ? [0x80 | length]
    : length < 65536 ? [0x80 | 126, length >> 8, length & 255]
      : [0x80 | 127, 0, 0, 0, 0, length >>> 24, length >> 16 & 255, length >> 8 & 255, length & 255];
  const bytes = new Uint8Array(head.length + 5 + length);
  bytes.set([0x80 | opcode, ...head, 0, 0, 0, 0]);
  bytes.set(payload, head.length + 5);
  return bytes;
}

/** Reads a server's frames however they are cut, and tells what they are. */
export class FrameReader {
  #listener;
  #pieces = [];
  #held = 0;
  #opcode = 0;
  #fragments = [];
  #isDone = false;

  constructor(listener) {
    this.#listener = listener;
  }

  feed(bytes) {
    this.#pieces.push(bytes.slice());
    this.#held += bytes.length;
    while (!this.#isDone && this.#frame());
  }

  #frame() {
    const head = this.#peek(10);
    if (head.length < 2) return false;
    const short = head[1];
    const more = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (head.length < 2 + more) return false;
    const length = more === 0 ? short : head.subarray(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
    if (short > 127 || head[0] & 0x70) return this.#fail(1002, "a frame that no server sends");
    if (length > MOST) return this.#fail(1009, "too large");
    if (this.#held < 2 + more + length) return false;
    this.#take(2 + more);
    this.#handle(head[0] >= 0x80, head[0] & 15, this.#take(length));
    return true;
  }

  #handle(isLast, opcode, payload) {
    if (opcode === PING) this.#listener.ping(payload);
    else if (opcode === CLOSE) this.#close(payload);
    else if (opcode <= BINARY) this.#data(isLast, opcode, payload);
    else if (opcode !== PONG) this.#fail(1002, "an unknown frame");
  }

  #data(isLast, opcode, payload) {
    if ((opcode === 0) !== this.#fragments.length > 0) return this.#fail(1002, "fragments out of order");
    this.#opcode = opcode || this.#opcode;
    this.#fragments.push(payload);
    if (!isLast) return;
    const bytes = joined(this.#fragments);
    this.#fragments = [];
    try {
      this.#listener.message(this.#opcode === TEXT ? new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes) : bytes.buffer);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#fail(1007, "not UTF-8");
    }
  }

  #close(payload) {
    this.#isDone = true;
    const code = payload.length < 2 ? 1005 : payload[0] * 256 + payload[1];
    this.#listener.closed(code, new TextDecoder().decode(payload.subarray(2)));
  }

  #fail(code, reason) {
    this.#isDone = true;
    this.#listener.failed(code, reason);
  }

  #peek(count) {
    if (this.#pieces.length > 1 && this.#pieces[0].length < count) this.#pieces = [joined(this.#pieces)];
    return (this.#pieces[0] ?? new Uint8Array()).subarray(0, count);
  }

  #take(count) {
    if (this.#pieces.length > 1 && this.#pieces[0].length < count) this.#pieces = [joined(this.#pieces)];
    const first = this.#pieces[0] ?? new Uint8Array();
    const taken = first.slice(0, count);
    this.#held -= count;
    if (first.length === count) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(count);
    return taken;
  }
}

export function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Records of a response: a length of four bytes, and so many bytes; nothing is a sign of life, all ones the end. */
export class RecordReader {
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

/** The bytes that were sent and are not yet known to have come; numbered from the connection's first byte on. */
export class SendBuffer {
  /** The number of the first byte that is kept. */
  start = 0;
  length = 0;
  #pieces = [];

  /** The number of the byte after the last. */
  get end() { return this.start + this.length; }

  add(bytes) {
    this.#pieces.push(bytes);
    this.length += bytes.length;
  }

  /** So many bytes at most, from a number on, as pieces: many small messages together, a large one in parts. */
  from(number, most) {
    const batch = [];
    let skip = number - this.start, length = 0;
    for (const bytes of this.#pieces) {
      if (length === most) break;
      if (skip < bytes.length) {
        batch.push(bytes.subarray(skip, skip + most - length));
        length += batch.at(-1).length;
      }
      skip = Math.max(0, skip - bytes.length);
    }
    return batch;
  }

  /** All below a number have come. */
  forget(upTo) {
    let count = Math.min(upTo - this.start, this.length);
    if (!(count > 0)) return; // it was known
    this.start += count;
    this.length -= count;
    while (count > 0) {
      const first = this.#pieces[0];
      if (first.length > count) this.#pieces[0] = first.subarray(count);
      else this.#pieces.shift();
      count -= Math.min(count, first.length);
    }
  }
}
