// The server of the package "ws". It echoes: whole at /echo, in fragments at /fragments; at /close a message ends it with 4002.
// An event: {on: "listening", port} | {on: "open", extensions} | {on: "close", code, reason}, each one line of JSON.
import {WebSocketServer} from 'ws';

const tell = event => process.stdout.write(JSON.stringify(event) + '\n');
const server = new WebSocketServer({host: '127.0.0.1', port: 0, perMessageDeflate: {threshold: 0}}, () => tell({on: 'listening', port: server.address().port}));

server.on('connection', (socket, request) => {
  tell({on: 'open', extensions: socket.extensions});
  socket.on('message', (data, binary) => {
    if (request.url === '/close') return socket.close(4002, 'go away');
    if (request.url !== '/fragments') return socket.send(data, {binary});
    const third = Math.ceil(data.length / 3);
    socket.send(data.subarray(0, third), {binary, fin: false});
    socket.send(data.subarray(third, 2 * third), {binary, fin: false});
    socket.send(data.subarray(2 * third), {binary, fin: true});
  });
  socket.on('error', () => {}); // told by the close that follows
  socket.on('close', (code, reason) => tell({on: 'close', code, reason: reason.toString()}));
});
process.stdin.resume().on('end', () => process.exit());
