// Bun's server. It echoes; at /close a message ends it with 4002. The events are those of ws.mjs.
const tell = event => process.stdout.write(JSON.stringify(event) + '\n');
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request, server) {
    const {pathname} = new URL(request.url);
    return server.upgrade(request, {data: {pathname, offered: request.headers.get('sec-websocket-extensions')}})
      ? undefined : new Response('WebSocket only', {status: 426});
  },
  websocket: {
    perMessageDeflate: true,
    maxPayloadLength: 32 << 20,
    open(socket) { tell({on: 'open', extensions: socket.data.offered ?? ''}); },
    message(socket, message) {
      if (socket.data.pathname === '/close') socket.close(4002, 'go away');
      else socket.send(message, true);
    },
    close(socket, code, reason) { tell({on: 'close', code, reason}); },
  },
});
tell({on: 'listening', port: server.port});
process.stdin.resume().on('end', () => process.exit());
