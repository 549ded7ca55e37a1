// One other person in the call: a connection that two browsers negotiate, whoever begins.

const UNANSWERED = 4000; // after so long an offer is taken for lost with the server's connection
const AGAIN = 8000;      // between attempts where no way was found
const PATIENCE = 12000;  // to find a first way; with no candidate at all a browser never says that it failed

/** Calls on.track(stream), on.chat(text), on.devices({ camera, microphone }) and on.change(). */
export class Peer {
  restarts = 0;
  echoMillis = null;
  isMuted = false;
  isAway = false;
  #send; #on; #isPolite; #isOffering = false; #isIgnoring = false; #early = []; #work = Promise.resolve(); #retry; #since = performance.now(); #stream;

  /** @param role "impolite" makes the first offer, and ignores one that crosses it; "polite" gives way */
  constructor({ name, role, iceServers, stream, send, on }) {
    this.name = name;
    this.role = role;
    this.#isPolite = role === "polite";
    this.#send = message => send({ ...message, to: name });
    this.#on = on;
    this.#stream = stream;
    const pc = this.pc = new RTCPeerConnection({ iceServers });
    this.channel = pc.createDataChannel("chat", { negotiated: true, id: 0 });
    this.channel.onmessage = event => this.#hear(event.data);
    this.channel.onopen = () => {
      this.tellDevices();
      on.change();
    };
    for (const track of stream?.getTracks() ?? []) pc.addTrack(track, stream);
    pc.ontrack = ({ streams, track }) => on.track(streams[0] ?? new MediaStream([track]));
    pc.onicecandidate = ({ candidate }) => this.#send({ type: "candidate", candidate });
    pc.onnegotiationneeded = () => this.#offer();
    pc.onconnectionstatechange = pc.oniceconnectionstatechange = () => this.#changed();
  }

  /** Whether no way was found, as far as can be said by now. */
  get isBlocked() {
    const state = this.pc.connectionState;
    return state === "failed" || ["new", "connecting"].includes(state) && !this.isAway && performance.now() - this.#since > PATIENCE;
  }

  /** A message of this peer; they are taken one after the other. */
  take(message) {
    this.#work = this.#work.then(() => (message.type === "candidate" ? this.#candidate(message.candidate) : this.#description(message)))
      .catch(error => console.warn(`${this.name}: ${error.message}`));
  }

  /** Looks for a way anew, in the same call: after an interruption, or where none was found. */
  restart() {
    if (this.#isPolite) return; // the other one does, and two restarts are one too many
    this.restarts++;
    this.pc.restartIce();
    if (this.pc.signalingState === "have-local-offer") setTimeout(() => this.#takeBack(), UNANSWERED);
  }

  chat(text) {
    this.#say({ text });
  }

  /** Tells which devices are on: a camera or microphone that is switched off sends black and silence, which looks like a fault. */
  tellDevices() {
    const isOn = kind => this.#stream?.getTracks().some(track => track.kind === kind && track.enabled) ?? false;
    this.#say({ devices: { camera: isOn("video"), microphone: isOn("audio") } });
  }

  /** Measures a round trip on the data channel. */
  ping() {
    this.#say({ ping: performance.now() });
  }

  #say(message) {
    if (this.channel.readyState === "open") this.channel.send(JSON.stringify(message));
  }

  close() {
    clearTimeout(this.#retry);
    this.pc.close();
  }

  async #offer() {
    if (this.#isPolite && !this.pc.remoteDescription) return;
    try {
      this.#isOffering = true;
      await this.pc.setLocalDescription();
      if (this.pc.localDescription.type === "offer") this.#send({ type: "offer", sdp: this.pc.localDescription.sdp });
    } finally {
      this.#isOffering = false;
    }
  }

  /** An offer whose answer was lost; taking it back lets a new one be made. */
  async #takeBack() {
    if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
  }

  async #description({ type, sdp }) {
    const crosses = type === "offer" && (this.#isOffering || this.pc.signalingState !== "stable");
    this.#isIgnoring = crosses && !this.#isPolite;
    if (this.#isIgnoring) return;
    await this.pc.setRemoteDescription({ type, sdp });
    for (const candidate of this.#early.splice(0)) await this.pc.addIceCandidate(candidate);
    if (type === "offer") {
      await this.pc.setLocalDescription();
      this.#send({ type: "answer", sdp: this.pc.localDescription.sdp });
    }
  }

  async #candidate(candidate) {
    if (!this.pc.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    try {
      await this.pc.addIceCandidate(candidate);
    } catch (error) {
      if (!this.#isIgnoring) throw error; // one that belongs to an ignored offer fits nothing
    }
  }

  #changed() {
    clearTimeout(this.#retry);
    if (this.pc.connectionState === "failed") {
      this.restart();
      this.#retry = setTimeout(() => this.#changed(), AGAIN);
    }
    this.#on.change();
  }

  #learn(devices) {
    this.isMuted = !devices.microphone;
    this.#on.devices(devices);
    this.#on.change();
  }

  #hear(data) {
    const message = JSON.parse(data);
    if (typeof message.text === "string") this.#on.chat(message.text);
    if (message.devices) this.#learn(message.devices);
    if (typeof message.ping === "number") this.#say({ pong: message.ping });
    if (typeof message.pong === "number") this.echoMillis = performance.now() - message.pong;
  }
}
