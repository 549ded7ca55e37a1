package dev.duplex.netty;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/** A client that opens WebSockets; may be shared by threads. Its threads are daemons: a program may end without closing it. */
public final class WebSocketClient implements AutoCloseable {
    WebSocketClient(ClientBuilder builder) {}

    /** Settings for a client. */
    public static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /**
     * Opens one conversation with all settings at their defaults; see {@link #converse(URI)}.
     *
     * @param uri {@code ws://} or {@code wss://}
     */
    public static Conversation connect(String uri) {
        return builder().build().converse(URI.create(uri));
    }

    /** Opens one conversation with all settings at their defaults; see {@link #converse(URI)}. */
    public static Conversation connect(URI uri) {
        return builder().build().converse(uri);
    }

    /**
     * Opens a WebSocket in blocking style, and waits until it is open.
     *
     * @throws ConnectFailedException if it cannot be opened, saying why
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public Conversation converse(URI uri) {
        throw new UnsupportedOperationException();
    }

    /** The same with messages in parts: {@link Conversation#receivePart} instead of {@link Conversation#receive}. */
    public Conversation converseInParts(URI uri) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a WebSocket in callback style.
     *
     * @return completes on the connection's owner after {@link Listener#onOpen}; fails with {@link ConnectFailedException},
     *     and then no callback is ever made
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public CompletionStage<Connection> open(URI uri, Listener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Keeps a WebSocket open: when it is lost, or cannot be opened, it is opened again after a while.
     *
     * @param endpoint makes the listener of each new connection
     */
    public Reconnecting keepOpen(URI uri, Endpoint endpoint, Reconnect reconnect) {
        throw new UnsupportedOperationException();
    }

    /** Closes all its connections with 1001, without waiting, and opens no more. */
    @Override
    public void close() {}
}
