// Node's HTTP/2 with an extended CONNECT (RFC 8441); the frames on the stream are those of the package "ws".
import http2 from 'node:http2';
import {WebSocket} from 'ws';
import {commands, tell} from './lines.mjs';

let session;
let socket;

function open({url}) {
  const address = new URL(url);
  if (session && !session.closed && !session.destroyed) {
    request(address);
    return;
  }
  session = http2.connect('http://' + address.host); // the server ends one that has been without a stream for a while
  session.on('error', error => tell({on: 'error', message: error.message}));
  session.once('remoteSettings', () => request(address));
}

function request(address) {
  const stream = session.request({
    ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'http', ':path': address.pathname, ':authority': address.host,
    'sec-websocket-version': '13'}, {endStream: false});
  stream.on('error', error => tell({on: 'error', message: error.message}));
  stream.once('response', headers => {
    if (headers[':status'] !== 200) {
      tell({on: 'error', message: 'status ' + headers[':status']});
      return;
    }
    socket = new WebSocket(null, undefined, {closeTimeout: 30_000});
    socket._isServer = false; // it was made without an address, as a server makes one
    socket.on('message', (data, isBinary) => tell(isBinary
      ? {on: 'binary', data: data.toString('base64')}
      : {on: 'text', text: data.toString()}));
    socket.on('close', (code, reason) => tell({on: 'close', code, reason: reason.toString(), clean: code !== 1006}));
    socket.setSocket(stream, Buffer.alloc(0), {maxPayload: 100 << 20, allowSynchronousEvents: true, skipUTF8Validation: false});
    tell({on: 'open', extensions: ''});
  });
}

for await (const command of commands()) {
  switch (command.do) {
    case 'open': open(command); break;
    case 'text': socket.send(command.text); break;
    case 'binary': socket.send(Buffer.from(command.data, 'base64')); break;
    case 'fragments': command.texts.forEach((text, i) => socket.send(text, {fin: i === command.texts.length - 1})); break;
    case 'close': socket.close(command.code, command.reason); break;
  }
}
process.exit();
