package dev.duplex.netty;

import java.time.Duration;
import java.util.List;

/** A server of WebSockets and plain HTTP on one port. */
public final class WebSocketServer implements AutoCloseable {
    private WebSocketServer() {}

    /** Settings for a server. */
    public static ServerBuilder builder() {
        return new ServerBuilder();
    }

    static WebSocketServer start(ServerBuilder builder) {
        throw new UnsupportedOperationException();
    }

    /** The TCP port it listens on. */
    public int port() {
        return 0;
    }

    /** Where it can be reached, as {@code http://127.0.0.1:8080/}, one for each address it listens on. */
    public List<String> addresses() {
        return List.of();
    }

    /** The number of WebSockets that are open. */
    public int connectionCount() {
        return 0;
    }

    /** Closes as {@link #close(Duration)} with 10 s. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    /**
     * Drains: accepts nothing more, sends Close 1001 to every connection, and waits for their ends.
     *
     * <p>Not to be called on an event loop.
     *
     * @param atMost what is then still open is cut off
     */
    public void close(Duration atMost) {}

    /** Whether it is closed and everything has ended. */
    public boolean isTerminated() {
        return true;
    }
}
