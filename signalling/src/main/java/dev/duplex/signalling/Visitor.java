package dev.duplex.signalling;

import dev.duplex.api.Connection;

/** One connection, as the lobby's owner sees it; used on the owner alone. */
final class Visitor {
    private final String room;
    private final Connection connection;
    private final long sinceNanos;
    private long heardNanos;
    private Seat seat;

    Visitor(String room, Connection connection, long nowNanos) {
        this.room = room;
        this.connection = connection;
        sinceNanos = nowNanos;
        heardNanos = nowNanos;
    }

    String room() {
        return room;
    }

    void send(String json) {
        connection.send(json);
    }

    void refuse(Fault fault, ClientType about) {
        send(new Refusal(fault, about.type()).json());
    }

    void close(int code, String text) {
        connection.close(code, text);
    }

    /** Asks for a Pong, which the caller is told of on some other thread. */
    void ping(Runnable onPong) {
        connection.ping().thenRun(onPong);
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** The last sign of life. */
    long heardNanos() {
        return heardNanos;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** The seat that it holds; null before it has joined, and after another connection took the seat over. */
    Seat seat() {
        return seat;
    }

    void sit(Seat taken) {
        seat = taken;
    }
}
