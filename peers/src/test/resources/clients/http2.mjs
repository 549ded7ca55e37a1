// A WebSocket over HTTP/2 (RFC 8441): says "hello", and tells what comes back. Arguments: the origin, a path.
import http2 from 'node:http2';

const [origin, path] = process.argv.slice(2);
const tell = event => console.log(JSON.stringify(event));
const session = http2.connect(origin, {rejectUnauthorized: false});
session.on('error', error => tell({on: 'error', message: String(error)}));
session.once('remoteSettings', settings => {
  tell({on: 'settings', connect: settings.enableConnectProtocol === true});
  const stream = session.request({':method': 'CONNECT', ':protocol': 'websocket', ':path': path, 'sec-websocket-version': '13',
    origin, 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'http', forwarded: 'for=6.6.6.6'}, {endStream: false});
  stream.on('error', error => tell({on: 'error', message: String(error)}));
  stream.on('response', headers => {
    tell({on: 'response', status: headers[':status']});
    // The frame of "hello", masked with zeros.
    stream.write(Buffer.from('818500000000' + Buffer.from('hello').toString('hex'), 'hex'));
  });
  let got = Buffer.alloc(0);
  stream.on('data', bytes => {
    got = Buffer.concat([got, bytes]);
    if (got.length === 7) tell({on: 'frame', hex: got.toString('hex')});
  });
});
process.stdin.on('end', () => process.exit(0)).resume();
