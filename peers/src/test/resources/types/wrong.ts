// Each marked line is a mistake that the types find.
import { DuplexSocket } from "./duplex.js";

new DuplexSocket(); // wrong
new DuplexSocket("/echo", 7); // wrong
new DuplexSocket("/echo", [], { rungs: ["carrier pigeon"] }); // wrong
new DuplexSocket("/echo", [], { reconnect: true }); // wrong
new DuplexSocket("/echo", [], { reconect: false }); // wrong
const socket = new DuplexSocket("/echo");
socket.send(); // wrong
socket.send(7); // wrong
socket.readyState = 1; // wrong
socket.binaryType = "text"; // wrong
socket.close("4000"); // wrong
socket.carrier === "sse"; // wrong
socket.onreconnecting = event => event.attempt; // wrong
socket.addEventListener("reconnecting", (event: CloseEvent) => event.code); // wrong
socket.reconnect(); // wrong
