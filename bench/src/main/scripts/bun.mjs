// Bun's own server, which carries uWebSockets, as its documentation shows it. Run by bun: PORT [CERT KEY].
const [port, cert, key] = process.argv.slice(2);

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(port),
  tls: cert ? { cert: Bun.file(cert), key: Bun.file(key) } : undefined,
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    if (server.upgrade(request, { data: { room: path.startsWith('/room/') ? path : null } })) return undefined;
    return new Response('a WebSocket is wanted', { status: 426 });
  },
  websocket: {
    perMessageDeflate: true,
    maxPayloadLength: 16 << 20,
    backpressureLimit: 16 << 20,
    open(ws) {
      if (ws.data.room) ws.subscribe(ws.data.room);
    },
    message(ws, message) {
      if (ws.data.room) ws.publish(ws.data.room, message);
      else ws.send(message, true);
    },
  },
});
