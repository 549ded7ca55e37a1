// Drives a WebSocket of the browsers' API by commands, and tells what happens on it.
// A command: {do: "open", url, compress} | {do: "text", text} | {do: "binary", data} | {do: "close", code, reason}
// An event:  {on: "open", extensions} | {on: "text", text} | {on: "binary", data} | {on: "close", code, reason, clean}
// data is in base64.

const encode = bytes => {
  let chars = '';
  for (let i = 0; i < bytes.length; i += 8192) chars += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(chars);
};

const decode = text => Uint8Array.from(atob(text), char => char.charCodeAt(0));

export async function drive(WebSocket, commands, tell) {
  let socket;
  for await (const command of commands) {
    switch (command.do) {
      case 'open': socket = open(WebSocket, command.url, tell); break;
      case 'text': socket.send(command.text); break;
      case 'binary': socket.send(decode(command.data)); break;
      case 'close': socket.close(command.code, command.reason); break;
    }
  }
}

function open(WebSocket, url, tell) {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => tell({on: 'open', extensions: socket.extensions ?? ''});
  socket.onmessage = ({data}) => tell(typeof data === 'string'
    ? {on: 'text', text: data}
    : {on: 'binary', data: encode(new Uint8Array(data))});
  socket.onclose = ({code, reason, wasClean}) => tell({on: 'close', code, reason, clean: wasClean});
  return socket;
}
