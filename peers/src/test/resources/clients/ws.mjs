// The client of the package "ws"; takes {do: "fragments", texts} besides.
import {WebSocket} from 'ws';
import {commands, tell} from './lines.mjs';

let socket;

function open({url, compress}) {
  socket = new WebSocket(url, {perMessageDeflate: compress && {threshold: 0}});
  socket.on('open', () => tell({on: 'open', extensions: socket.extensions}));
  socket.on('message', (data, isBinary) => tell(isBinary
    ? {on: 'binary', data: data.toString('base64')}
    : {on: 'text', text: data.toString()}));
  socket.on('close', (code, reason) => tell({on: 'close', code, reason: reason.toString(), clean: code !== 1006}));
  socket.on('error', error => tell({on: 'error', message: error.message}));
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
