package dev.duplex.examples;

import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.signalling.RoomLimits;
import dev.duplex.signalling.Signalling;
import java.nio.charset.StandardCharsets;

/** A video call for two: the server introduces them over a WebSocket, and then they talk directly. Open it in two windows. */
public class CallServer {
    private static final String PAGE = """
            <!doctype html><meta charset="utf-8"><title>Call</title>
            <video id="own" autoplay muted playsinline width="320"></video>
            <video id="other" autoplay playsinline width="320"></video>
            <script type="module">
            const socket = new WebSocket(`ws://${location.host}/signal/lobby`);
            const say = message => socket.send(JSON.stringify(message));
            const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
            document.getElementById("own").srcObject = media;

            let iceServers, pc, other, isPolite, isOffering, isIgnoring, early;

            function meet({ name, role }) {
              other = name;
              isPolite = role === "polite";            // the server hands one of each pair this part
              early = [];
              pc = new RTCPeerConnection({ iceServers });
              for (const track of media.getTracks()) pc.addTrack(track, media);
              pc.ontrack = ({ streams }) => { document.getElementById("other").srcObject = streams[0]; };
              pc.onicecandidate = ({ candidate }) => say({ type: "candidate", to: other, candidate });
              pc.onnegotiationneeded = async () => {
                if (isPolite && !pc.remoteDescription) return;   // the impolite one makes the first offer
                isOffering = true;
                await pc.setLocalDescription();
                isOffering = false;
                say({ type: "offer", to: other, sdp: pc.localDescription.sdp });
              };
            }

            async function describe({ type, sdp }) {
              const crosses = type === "offer" && (isOffering || pc.signalingState !== "stable");
              isIgnoring = crosses && !isPolite;       // the polite one takes its own offer back
              if (isIgnoring) return;
              await pc.setRemoteDescription({ type, sdp });
              for (const candidate of early.splice(0)) await pc.addIceCandidate(candidate);
              if (type === "answer") return;
              await pc.setLocalDescription();
              say({ type: "answer", to: other, sdp: pc.localDescription.sdp });
            }

            async function find({ candidate }) {
              if (!pc.remoteDescription) early.push(candidate);
              else await pc.addIceCandidate(candidate).catch(error => { if (!isIgnoring) throw error; });
            }

            const told = {
              joined: message => { iceServers = message.iceServers; message.peers.forEach(meet); },
              arrived: meet,
              left: () => { pc.close(); document.getElementById("other").srcObject = null; },
              offer: describe, answer: describe, candidate: find,
              error: ({ message }) => console.error(message),
            };
            let work = Promise.resolve();              // one message after the other
            socket.onmessage = event => { const m = JSON.parse(event.data); work = work.then(() => told[m.type]?.(m)); };
            const join = () => say({ type: "join", name: `guest ${Math.random().toString(36).slice(2, 8)}` });
            if (socket.readyState === WebSocket.OPEN) join(); else socket.onopen = join;
            </script>
            """;

    public static void main(String... args) {
        var signalling = Signalling.builder().limits(RoomLimits.defaults().withMaxPeers(2)).build();
        var page = HttpAnswer.of(200, "text/html; charset=utf-8", PAGE.getBytes(StandardCharsets.UTF_8));
        var server = WebSocketServer.builder()
                .port(Integer.getInteger("port", 8080))
                .endpoint("/signal/{room}", signalling)
                .http("/", query -> page)
                .start();
        System.out.println("http://localhost:" + server.port() + "/");
    }
}
