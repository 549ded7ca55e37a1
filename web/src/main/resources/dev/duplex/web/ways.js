// Three ways there and back: a WebSocket to the server's echo, and two data channels between two ends in this page.

import { say } from "./words.js";

const PATIENCE = 12_000; // to find a way from this page to itself
const MOST_WAITING_BYTES = 1 << 20; // where nothing gets through, what is sent piles up here

/** A line whose other end sends back what it gets. */
class Line {
  #target;

  constructor(target, came) {
    this.#target = target;
    target.onmessage = ({ data }) => came(data);
  }

  /** Whether it was taken: there is a limit to what may wait. */
  send(data) {
    if (this.#target.bufferedAmount > MOST_WAITING_BYTES) return false;
    this.#target.send(data);
    return true;
  }
}

/** @param way what is told of came(data) and ended(why) */
export function openWebSocket(way) {
  const url = new URL("/echo", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  const close = () => {
    socket.onclose = null;
    socket.close();
  };
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      socket.onclose = event => way.ended(`${event.code}`);
      resolve({ close, line: new Line(socket, way.came) });
    };
    socket.onclose = () => reject(new Error(say("lossNoServer")));
  });
}

/** A data channel from this page to itself; each has a connection of its own, because channels of one share its congestion window. */
export async function openChannel(way, kind) {
  if (!window.RTCPeerConnection) throw new Error(say("lossNoWebrtc"));
  const near = new RTCPeerConnection(), far = new RTCPeerConnection();
  near.onicecandidate = ({ candidate }) => candidate && far.addIceCandidate(candidate).catch(() => {}); // it may be closed meanwhile
  far.onicecandidate = ({ candidate }) => candidate && near.addIceCandidate(candidate).catch(() => {});
  const [here, there] = [near, far].map(end => end.createDataChannel("feed", { ...kind, negotiated: true, id: 0 }));
  there.onmessage = ({ data }) => there.readyState === "open" && there.send(data);
  const close = () => {
    here.onclose = null;
    near.close();
    far.close();
  };
  try {
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription);
    await inTime(new Promise(resolve => { here.onopen = resolve; }));
  } catch (failed) {
    close();
    throw failed;
  }
  here.onclose = () => way.ended(say("lossClosed"));
  return { close, line: new Line(here, way.came) };
}

async function inTime(opened) {
  let timer;
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error(say("lossNoWay"))), PATIENCE); });
  await Promise.race([opened, late]);
  clearTimeout(timer);
}
