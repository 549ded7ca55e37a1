// Three ways there and back: a WebSocket to the server's echo, and two data channels between two ends in this page.

import { say } from "./words.js";

const PATIENCE = 20_000; // to find a way from this page to itself, though packets are lost
const MOST_WAITING_BYTES = 1 << 20; // where nothing gets through, what is sent piles up here

/** There is none, or none is named, from this page to itself. */
export class NoWay extends Error {}

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
  const [here, there] = [near, far].map(end => end.createDataChannel("feed", { ...kind, negotiated: true, id: 0 }));
  there.onmessage = ({ data }) => there.readyState === "open" && there.send(data);
  const close = () => {
    here.onclose = null;
    near.close();
    far.close();
  };
  try {
    await meet(near, far, here);
  } catch (failed) {
    close();
    throw failed;
  }
  here.onclose = () => way.ended(say("lossClosed"));
  return { close, line: new Line(here, way.came) };
}

/** Signalling, for which two ends in one page need no server. */
async function meet(near, far, channel) {
  let timer;
  const opened = new Promise(resolve => { channel.onopen = resolve; });
  const noWay = new Promise((resolve, reject) => {
    const fail = () => reject(new NoWay(say("lossNoWay")));
    timer = setTimeout(fail, PATIENCE);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate).catch(() => {}); // it may be closed meanwhile
      from.onicegatheringstatechange = () => from.iceGatheringState === "complete" && !from.localDescription.sdp.includes("a=candidate") && fail();
    }
  });
  noWay.catch(() => {}); // it may fail before it is waited for
  try {
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription);
    await Promise.race([opened, noWay]);
  } finally {
    clearTimeout(timer);
  }
}
