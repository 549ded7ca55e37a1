// Usage: node engineio.mjs URL TRANSPORTS CLIENTS MESSAGES. Each client sends numbered messages, across its upgrade if it has one,
// and must get each back, once and in order. Prints one line of JSON.
import {Socket} from 'engine.io-client';

const [url, transports, clients, messages] = process.argv.slice(2);
const result = { clients: 0, upgraded: 0, received: 0, faults: [] };

function converse(number) {
  return new Promise(resolve => {
    const socket = new Socket(url, { path: '/engine.io/', transports: transports.split(','), reconnection: false });
    socket.binaryType = 'arraybuffer';
    let sent = 0;
    let next = 0;
    let hasUpgraded = !transports.includes('polling,websocket');
    const fault = why => { result.faults.push(`client ${number}: ${why}`); socket.close(); };
    const send = () => {
      const text = `${number}:${sent}:${'é'.repeat(sent % 50)}`;
      socket.send(sent % 3 === 0 ? new TextEncoder().encode(text) : text);
      sent++;
    };
    const timer = setTimeout(() => fault(`${next} of ${sent} came back in 40 s`), 40000);
    socket.on('open', () => { for (let i = 0; i < Math.ceil(messages / 3); i++) send(); });
    socket.on('upgrade', () => { hasUpgraded = true; result.upgraded++; proceed(); });
    socket.on('message', data => {
      const isText = typeof data === 'string';
      const text = isText ? data : new TextDecoder().decode(data);
      if (isText === (next % 3 === 0) || text !== `${number}:${next}:${'é'.repeat(next % 50)}`) fault(`${next} was to come, came ${text}`);
      next++;
      result.received++;
      proceed();
    });
    // One message for each that comes back, so that some are always under way while the transport changes.
    const proceed = () => {
      if (sent < messages || !hasUpgraded && sent < 10 * messages) send();
      else if (next === sent && hasUpgraded) socket.close();
    };
    socket.on('error', error => fault(String(error.description?.message ?? error.description ?? error.message)));
    socket.on('close', () => { clearTimeout(timer); result.clients++; resolve(); });
  });
}

let number = 0;
const lanes = Array.from({ length: Math.min(20, clients) }, async () => { while (number < clients && result.faults.length === 0) await converse(number++); });
await Promise.all(lanes);
// Not before the last requests have gone out.
process.on('exit', () => console.log(JSON.stringify(result)));
