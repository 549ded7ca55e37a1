package dev.duplex.signalling;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.testkit.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** Rooms in one thread under a time that the test gives, with peers that answer pings while they live. */
final class Stage {
    static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final FakeTime time = new FakeTime();
    private final RoomLimits limits;
    private final Lobby lobby;
    private final List<Peer> peers = new ArrayList<>();

    Stage() {
        this(RoomLimits.defaults());
    }

    Stage(RoomLimits limits) {
        this(limits, IceServers.none());
    }

    Stage(RoomLimits limits, IceServers iceServers) {
        this.limits = limits;
        lobby = new Lobby(limits, iceServers, time, Runnable::run);
    }

    Lobby lobby() {
        return lobby;
    }

    /** A connection to a room that has said nothing yet. */
    Peer connect(String room) {
        Peer peer = new Peer(room);
        peers.add(peer);
        return peer;
    }

    /** A peer that has joined, and has read what it was told. */
    Peer join(String room, String name) {
        Peer peer = connect(room).say("{\"type\":\"join\",\"name\":\"" + name + "\"}");
        peer.token = (String) peer.hear("joined").get("token");
        return peer;
    }

    /** Lets time pass as it would: with ticks, and with Pongs of those who live. */
    void pass(Duration duration) {
        for (long left = duration.toMillis(); left > 0; left -= 500) {
            time.advance(Duration.ofMillis(Math.min(left, 500)));
            lobby.tick();
            peers.stream().filter(peer -> !peer.isSilent).forEach(peer -> peer.connection.pong());
        }
    }

    /** One end of a connection. */
    final class Peer {
        private final FakeConnection connection = new FakeConnection();
        private final SignalListener listener;
        private final List<Map<String, Object>> heard = new ArrayList<>();
        private boolean isSilent;
        private String token;

        private Peer(String room) {
            listener = new SignalListener(new SignalReader(room, limits), lobby, Runnable::run, time);
            listener.onOpen(connection);
        }

        String token() {
            return token;
        }

        Peer say(String json) {
            return say(Message.text(json));
        }

        Peer say(Message message) {
            listener.onMessage(connection, message);
            return this;
        }

        /** The next message it was sent, which must be of this type. */
        Map<String, Object> hear(String type) {
            collect();
            if (heard.isEmpty() || !heard.getFirst().get("type").equals(type)) {
                throw new AssertionError("heard no " + type + " but " + heard);
            }
            return heard.removeFirst();
        }

        /** The code of the error it was told. */
        String error() {
            return (String) hear("error").get("code");
        }

        /** All that it was sent since it last listened. */
        List<Map<String, Object>> rest() {
            collect();
            List<Map<String, Object>> all = List.copyOf(heard);
            heard.clear();
            return all;
        }

        private void collect() {
            connection.sent().forEach(text -> heard.add(JSON.std.mapFrom(text)));
        }

        CloseReason closedWith() {
            return connection.closedWith();
        }

        /** Its line is dead, and nobody has been told. */
        void vanish() {
            isSilent = true;
        }

        /** Its connection breaks. */
        void lose() {
            peers.remove(this);
            listener.onClose(connection, new CloseReason(CloseReason.ABNORMAL, "", CloseReason.Initiator.TRANSPORT, false));
        }

        /** It says Close. */
        void close() {
            peers.remove(this);
            listener.onClose(connection, new CloseReason(CloseReason.GOING_AWAY, "", CloseReason.Initiator.PEER, true));
        }
    }
}
