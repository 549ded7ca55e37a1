package dev.duplex.peers;

import java.time.Duration;
import java.util.Map;

/** A program of another maker at the other end of a WebSocket: takes commands, tells events, both as JSON objects. */
interface Peer extends AutoCloseable {

    /** More than any peer needs for one step, so that only a hang meets it. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** Gives a command. */
    void command(Map<String, Object> command);

    /** Waits for the next event; fails if none comes within {@link #PATIENCE}. */
    Map<String, Object> event();

    /** The origin that the peer's openings name; empty if it names none. */
    default String origin() {
        return "";
    }

    @Override
    void close();
}
