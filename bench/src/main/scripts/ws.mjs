// Node's ws, as its documentation shows it, with bufferutil, which it recommends. Run by node: PORT [CERT KEY].
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';

// The script lies elsewhere than the modules it uses.
const { WebSocketServer } = createRequire(process.cwd() + '/')('ws');
const [port, cert, key] = process.argv.slice(2);
const http = cert ? createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }) : createServer();
const rooms = new Map();

// Its threshold of 1 KiB is off, so that the race's messages of 512 bytes are compressed by everybody.
new WebSocketServer({ server: http, perMessageDeflate: { threshold: 0 }, maxPayload: 16 << 20 }).on('connection', (ws, request) => {
  ws.on('error', () => {});
  if (!request.url.startsWith('/room/')) {
    ws.on('message', (message, binary) => ws.send(message, { binary }));
    return;
  }
  const room = rooms.get(request.url) ?? rooms.set(request.url, new Set()).get(request.url);
  room.add(ws);
  ws.on('close', () => room.delete(ws));
  ws.on('message', (message, binary) => {
    for (const other of room) if (other !== ws) other.send(message, { binary });
  });
});
http.listen(Number(port), '127.0.0.1');
