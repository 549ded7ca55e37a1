/** What carries a connection; "events" are Server-Sent Events. */
export type Rung = "websocket" | "stream" | "events" | "long" | "poll";

export interface DuplexOptions {
  /** What to try, from the best on; all but "events", which help only where a proxy lets no other stream through. "websocket" alone is a plain one. */
  rungs?: Rung[];
  /** When to open a lost connection again, in milliseconds: full jitter below a bound that doubles; false for never. */
  reconnect?: false | { first: number; most: number; settled: number };
  /** How long a rung may take to show that it holds, in milliseconds; 3000. */
  proof?: number;
  /** After how long a rung that did not hold is tried again, in milliseconds, and longer from try to try; 10000. */
  climbAfter?: number;
  /** From one poll to the next, in milliseconds; 1000. */
  pollInterval?: number;
  /** For how long nothing at all may get through by plain HTTP, or nothing of what is sent, before the connection is lost; 30000. */
  patience?: number;
}

/** Told each time that the connection was lost and will be opened again. */
export type ReconnectingEvent = CustomEvent<{ attempt: number; delay: number; code: number; reason: string }>;

export interface DuplexSocketEventMap extends WebSocketEventMap {
  reconnecting: ReconnectingEvent;
}

/**
 * A WebSocket that gets through, with the interface of the browser's own.
 *
 * It moves between its rungs while it is open, and loses nothing. It opens again when it is lost: `readyState` is then CONNECTING, and `open` comes once more. `close` comes once, at the end.
 */
export class DuplexSocket extends EventTarget implements WebSocket {
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSING: 2;
  static readonly CLOSED: 3;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;

  constructor(url: string | URL, protocols?: string | string[], options?: DuplexOptions);

  readonly url: string;
  readonly protocol: string;
  readonly extensions: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** What carries it now; empty while nothing does. */
  readonly carrier: Rung | "";
  binaryType: BinaryType;

  onopen: ((this: WebSocket, event: Event) => unknown) | null;
  onmessage: ((this: WebSocket, event: MessageEvent) => unknown) | null;
  onerror: ((this: WebSocket, event: Event) => unknown) | null;
  onclose: ((this: WebSocket, event: CloseEvent) => unknown) | null;
  onreconnecting: ((this: DuplexSocket, event: ReconnectingEvent) => unknown) | null;

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void;
  close(code?: number, reason?: string): void;

  addEventListener<K extends keyof DuplexSocketEventMap>(
    type: K, listener: (this: WebSocket, event: DuplexSocketEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof DuplexSocketEventMap>(
    type: K, listener: (this: WebSocket, event: DuplexSocketEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}
