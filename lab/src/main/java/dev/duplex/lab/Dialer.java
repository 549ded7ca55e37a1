package dev.duplex.lab;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.DeflateOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Opens connections of every kind, as the shipped clients do. */
final class Dialer implements AutoCloseable {
    private final Duration pollInterval;
    private final WebSocketClient plain = WebSocketClient.builder().build();
    private final WebSocketClient compressing =
            WebSocketClient.builder().deflate(DeflateOptions.defaults().withContextTakeover().withThresholdBytes(0)).build();

    Dialer(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    /** Opens one. @param uri {@code ws://}, whatever carries it */
    CompletionStage<Connection> open(Way way, URI uri, Listener listener) {
        return switch (way) {
            case WEBSOCKET -> plain.open(uri, listener);
            case WEBSOCKET_COMPRESSED -> compressing.open(uri, listener);
        };
    }

    @Override
    public void close() {
        plain.close();
        compressing.close();
    }
}
