// The client of the package "ws", echoing what a check plays to it: asks for the number of cases, for each case, and for the report.
import {WebSocket} from 'ws';

const base = process.argv[2];
const AT_A_TIME = 4;

const connect = path => new Promise(resolve => {
  const socket = new WebSocket(base + path, {perMessageDeflate: {threshold: 0}});
  let text = '';
  socket.on('message', (data, binary) => {
    text = data.toString();
    if (path.startsWith('/runCase')) socket.send(data, {binary});
  });
  socket.on('error', () => {});
  socket.on('close', () => resolve(text));
});

const count = Number(await connect('/getCaseCount'));
let next = 1;
await Promise.all(Array.from({length: AT_A_TIME}, async () => {
  while (next <= count) await connect(`/runCase?agent=ws&case=${next++}`);
}));
await connect('/updateReports?agent=ws');
