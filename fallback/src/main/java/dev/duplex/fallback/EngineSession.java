package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.Tunnel;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * One session of Engine.IO, translated to the frames of a tunnel by a client's engine inside; on the tunnel's loop.
 *
 * <pre>
 *   polling ──2probe──► probing ──5──► WebSocket      what waits goes out by whichever holds
 *           ◄──10 s────
 * </pre>
 */
final class EngineSession implements Tunnel.Line {
    static final int MAX_PAYLOAD_BYTES = 1_000_000;
    private static final int WINDOW_BYTES = 256 * 1024;
    private static final int PAUSE_BYTES = 64 * 1024;
    /** What each packet that waits takes besides its bytes. */
    private static final int PACKET_BYTES = 64;
    /** So many times its size can a frame become as a packet: one of two bytes holds nothing. */
    private static final int GROWTH = PACKET_BYTES / 2 + 1;
    private static final int CHUNK_BYTES = 4 * 1024;
    /** As much more again as there is, up to here: the frames of a body of small packets are copied a few times, not once for each. */
    private static final int MOST_SPARE_BYTES = 512 * 1024;
    static final Duration PROBE_PATIENCE = Duration.ofSeconds(10);
    static final Duration LINGER = Duration.ofSeconds(10);
    private static final long NEVER = Long.MAX_VALUE;

    private record Asked(HttpExchange exchange, Answers answers) {}

    private final EngineIo engine;
    private final String id;
    private final Credentials credentials;
    private final WebSocketProtocol inner;
    private ByteBuffer framed = ByteBuffer.allocate(0);
    private final Queue<Message> packets = new ArrayDeque<>();
    private Tunnel tunnel;
    private Asked poll;
    private Asked post;
    private Connection socket;
    private Connection probing;
    private boolean hasProbed;
    private boolean isSocketPaused;
    private boolean hasEnded;
    /** Whether the client knows of the end, or cannot be told. */
    private boolean isTold;
    private int packetBytes;
    private long probedNanos;
    private long pingNanos;
    private long pongDueNanos = NEVER;
    private long endedNanos;

    EngineSession(EngineIo engine, String id, Credentials credentials) {
        this.engine = engine;
        this.id = id;
        this.credentials = credentials;
        // What the server may send is its own to say.
        inner = new WebSocketProtocol(Role.CLIENT, Limits.defaults().withMaxMessageBytes(Limits.LARGEST_MESSAGE_BYTES)
                .withControlRate(Integer.MAX_VALUE >> 1, 0), null, this::room);
    }

    /** Frames one behind the other: half a million tiny ones are no half million objects. */
    private ByteBuffer room(int bytes) {
        if (framed.remaining() < bytes) {
            int more = Math.max(bytes, Math.min(framed.position(), MOST_SPARE_BYTES) + CHUNK_BYTES);
            framed = ByteBuffer.allocate(framed.position() + more).put(framed.flip());
        }
        return framed;
    }

    String id() {
        return id;
    }

    Credentials credentials() {
        return credentials;
    }

    /** The first packet, which tells the client the rules. */
    Message opening(boolean mayUpgrade) {
        return Message.text("0{\"sid\":\"" + id + "\",\"upgrades\":[" + (mayUpgrade ? "\"websocket\"" : "") + "],\"pingInterval\":"
                + engine.pingInterval().toMillis() + ",\"pingTimeout\":" + engine.pingTimeout().toMillis() + ",\"maxPayload\":" + MAX_PAYLOAD_BYTES + "}");
    }

    void run(Runnable action) {
        if (tunnel != null) {
            tunnel.loop().execute(action);
        }
    }

    void beginOver(Connection first) {
        socket = first;
    }

    // Requests

    void deliver(HttpExchange exchange, Answers answers) {
        if (socket != null || hasEnded && packets.isEmpty()) {
            EngineIo.refuse(exchange, answers, EngineIo.Fault.BAD_REQUEST);
            return;
        }
        if (poll != null) {
            // Two at a time would share the messages between them, and nobody knew their order.
            answerPoll(List.of(EnginePackets.CLOSE));
            EngineIo.refuse(exchange, answers, EngineIo.Fault.BAD_REQUEST);
            lose();
            return;
        }
        Asked asked = new Asked(exchange, answers);
        poll = asked;
        exchange.whenGone(() -> run(() -> {
            if (poll == asked) {
                poll = null;
                lose(); // what was in the answer may be lost, and this wire cannot ask for it again
            }
        }));
        if (hasProbed && packets.isEmpty()) {
            answerPoll(List.of(EnginePackets.NOOP));
        } else {
            flush();
        }
    }

    void receive(HttpExchange exchange, Answers answers) {
        if (socket != null || hasEnded || post != null || !EnginePackets.read(exchange.body(), this::take)) {
            EngineIo.refuse(exchange, answers, EngineIo.Fault.BAD_REQUEST);
            if (socket == null) {
                lose();
            }
            return;
        }
        post = new Asked(exchange, answers);
        toTunnel();
        if (tunnel.waitingBytes() == 0 || hasEnded) {
            answerPost();
        }
    }

    private void answerPoll(List<Message> with) {
        Asked asked = poll;
        poll = null;
        asked.exchange().answer(asked.answers().of(EnginePackets.answer(with)));
    }

    private void answerPost() {
        Asked asked = post;
        post = null;
        if (asked != null) {
            asked.exchange().answer(asked.answers().of(dev.duplex.netty.HttpAnswer.of(200, "text/html", new byte[] {'o', 'k'})));
        }
    }

    // The WebSocket

    /** Another one wants to carry the session; the second at a time, and one that comes too late, does not. */
    void probe(Connection connection) {
        if (socket != null || probing != null || hasEnded) {
            connection.close();
            return;
        }
        probing = connection;
        probedNanos = tunnel.nanoTime();
    }

    void fromSocket(Connection connection, Message message) {
        if (connection == socket) {
            take(message);
            toTunnel();
            if (tunnel.waitingBytes() > PAUSE_BYTES) {
                isSocketPaused = true;
                connection.pause();
            }
        } else if (connection == probing) {
            probed(connection, message.isText() ? message.text() : "");
        }
    }

    private void probed(Connection connection, String packet) {
        if (packet.equals("2probe")) {
            hasProbed = true;
            connection.send("3probe");
            if (poll != null) {
                answerPoll(List.of(EnginePackets.NOOP)); // the client waits for the end of its last poll
            }
        } else if (packet.equals("5") && hasProbed) {
            socket = connection;
            probing = null;
            if (poll != null) {
                answerPoll(List.of(EnginePackets.NOOP));
            }
            flush();
        } else {
            connection.close();
        }
    }

    void socketIsWritable() {
        tunnel.writable();
    }

    void socketEnded(Connection connection, CloseReason reason) {
        if (connection == probing) {
            probing = null;
            hasProbed = false;
        } else if (connection == socket && reason.code() == CloseReason.ABNORMAL) {
            lose();
        } else if (connection == socket) {
            close();
        }
    }

    // To the tunnel

    /** Takes a packet; {@link #toTunnel} is due. */
    private void take(Message packet) {
        char type = !packet.isText() ? '4' : packet.byteLength() == 0 ? ' ' : packet.text().charAt(0);
        switch (type) {
            case '4' -> inner.send(packet.isText() ? Message.text(packet.text().substring(1)) : packet);
            case '3' -> pongDueNanos = NEVER;
            case '1' -> closedByClient();
            case '0', '2', '5', '6' -> { } // a server's, or without meaning now
            default -> lose();
        }
    }

    private void closedByClient() {
        isTold = true;
        if (poll != null) {
            answerPoll(List.of(EnginePackets.NOOP));
        }
        close();
    }

    /** In order, as by a Close frame. */
    private void close() {
        inner.close(CloseReason.of(CloseReason.NORMAL, ""));
        toTunnel();
    }

    /** Without one. */
    private void lose() {
        isTold = true;
        tunnel.end();
    }

    private void toTunnel() {
        byte[] frames = Arrays.copyOf(framed.array(), framed.position());
        framed = framed.position() > CHUNK_BYTES ? ByteBuffer.allocate(0) : framed.clear();
        tunnel.receive(frames);
    }

    // The tunnel's line

    @Override
    public void opened(Tunnel opened) {
        tunnel = opened;
        pingNanos = opened.nanoTime();
    }

    @Override
    public int room() {
        return socket != null && !socket.isWritable() ? 0 : Math.max(0, WINDOW_BYTES - packetBytes) / GROWTH;
    }

    @Override
    public void write(byte[] bytes) {
        inner.receive(ByteBuffer.wrap(bytes), tunnel.nanoTime());
        for (Event event = inner.next(); event != null; event = inner.next()) {
            if (event instanceof Message message) {
                add(EnginePackets.ofMessage(message));
            }
        }
        if (framed.position() > 0) {
            tunnel.loop().execute(this::toTunnel); // Pongs and Close; not from here, where the tunnel is writing
        }
    }

    private void add(Message packet) {
        packets.add(packet);
        packetBytes += packet.byteLength() + PACKET_BYTES;
    }

    @Override
    public void flush() {
        if (packets.isEmpty() || socket == null && poll == null) {
            return;
        }
        List<Message> all = List.copyOf(packets);
        packets.clear();
        packetBytes = 0;
        if (socket != null) {
            all.forEach(socket::send);
        } else {
            answerPoll(all);
        }
        run(tunnel::writable);
    }

    @Override
    public void drained() {
        answerPost();
        if (isSocketPaused) {
            isSocketPaused = false;
            socket.resume();
        }
    }

    @Override
    public void ended() {
        hasEnded = true;
        endedNanos = tunnel.nanoTime();
        answerPost();
        if (socket == null && !isTold) {
            add(EnginePackets.CLOSE);
            flush();
        } else if (socket == null) {
            packets.clear();
            if (poll != null) {
                answerPoll(List.of(EnginePackets.CLOSE));
            }
        } else {
            flush();
            socket.close();
        }
    }

    @Override
    public long heldBytes() {
        return packetBytes + inner.heldBytes();
    }

    @Override
    public void beat(long now) {
        if (probing != null && now - probedNanos >= PROBE_PATIENCE.toNanos()) {
            probing.close();
        }
        if (hasEnded) {
            if (packets.isEmpty() || now - endedNanos >= LINGER.toNanos()) {
                tunnel.forget();
                engine.forget(this);
            }
        } else if (pongDueNanos != NEVER && now - pongDueNanos >= 0) {
            lose();
        } else if (now - pingNanos >= engine.pingInterval().toNanos()) {
            pingNanos = now;
            pongDueNanos = pongDueNanos != NEVER ? pongDueNanos : now + engine.pingTimeout().toNanos();
            add(EnginePackets.PING);
            flush();
        }
    }
}
