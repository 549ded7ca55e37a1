// Every member that duplex.d.ts declares, used as a program would.
import { DuplexSocket, type DuplexOptions, type DuplexSocketEventMap, type ReconnectingEvent, type Rung } from "./duplex.js";

const rungs: Rung[] = ["websocket", "stream", "events", "long", "poll"];
const never: DuplexOptions = { reconnect: false };
const options: DuplexOptions = { rungs, reconnect: { first: 500, most: 30_000, settled: 10_000 }, proof: 3000, climbAfter: 10_000, pollInterval: 1000, patience: 30_000 };

const sockets: DuplexSocket[] = [
  new DuplexSocket("/echo"), new DuplexSocket(new URL("wss://example.org/echo"), "chat"), new DuplexSocket("/echo", ["chat", "other"], options),
  new DuplexSocket("/echo", [], never),
];
const socket = sockets[0]!;
const asTheBrowsersOwn: WebSocket = socket;

const states: number[] = [DuplexSocket.CONNECTING, DuplexSocket.OPEN, DuplexSocket.CLOSING, DuplexSocket.CLOSED,
  socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED, socket.readyState];
const told: string = socket.url + socket.protocol + socket.extensions;
const waiting: number = socket.bufferedAmount;
const carrier: Rung | "" = socket.carrier;
socket.binaryType = "arraybuffer";

socket.onopen = event => event.type;
socket.onmessage = ({ data }) => (typeof data === "string" ? data.length : (data as ArrayBuffer).byteLength);
socket.onerror = null;
socket.onclose = ({ code, reason, wasClean }) => `${code + 1} ${reason.trim()} ${!wasClean}`;
socket.onreconnecting = ({ detail: { attempt, delay, code, reason } }) => `${attempt + delay + code} ${reason.trim()}`;

const listen = (event: ReconnectingEvent) => event.detail.attempt.toFixed();
socket.addEventListener("reconnecting", listen, { once: true });
socket.removeEventListener("reconnecting", listen);
socket.addEventListener("message", event => event.data);
socket.addEventListener("own", { handleEvent: event => event.preventDefault() });
const types: (keyof DuplexSocketEventMap)[] = ["open", "message", "error", "close", "reconnecting"];

socket.send("text");
socket.send(new Uint8Array(3));
socket.send(new ArrayBuffer(3));
socket.send(new Blob(["blob"]));
socket.close();
socket.close(4000, "done");

export { asTheBrowsersOwn, carrier, states, told, types, waiting };
