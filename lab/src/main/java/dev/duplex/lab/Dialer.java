package dev.duplex.lab;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.DeflateOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Opens connections of every kind, with the clients that ship; a ladder of one rung can only be that. */
final class Dialer implements AutoCloseable {
    /** One that falls silent is given up; the ladder's own patience would hide it. */
    private static final Duration PROOF = Duration.ofSeconds(10);

    private final WebSocketClient plain = WebSocketClient.builder().build();
    private final WebSocketClient compressing = WebSocketClient.builder().deflate(DeflateOptions.defaults().withThresholdBytes(0)).build();
    private final Duration pollInterval;
    private final InetSocketAddress relayOfHttp2;
    private WebSocketClient overHttp2;

    /**
     * @param pollInterval from one poll to the next
     * @param relayOfHttp2 where WebSockets over HTTP/2 go, whatever their addresses say
     */
    Dialer(Duration pollInterval, InetSocketAddress relayOfHttp2) {
        this.pollInterval = pollInterval;
        this.relayOfHttp2 = relayOfHttp2;
        overHttp2 = http2();
    }

    /** Opens one. @param uri {@code ws://} or {@code wss://}, whatever carries it */
    CompletionStage<Connection> open(Way way, URI uri, Listener listener) {
        return switch (way) {
            case WEBSOCKET -> plain.open(uri, listener);
            case WEBSOCKET_H2 -> overHttp2.open(uri, listener);
            case WEBSOCKET_COMPRESSED -> compressing.open(uri, listener);
            case POLLING -> ladder(Carrier.POLLING).open(uri, listener);
            case LONG_POLLING -> ladder(Carrier.LONG_POLLING).open(uri, listener);
            case STREAMING -> ladder(Carrier.STREAMING).open(uri, listener);
            case SSE -> ladder(Carrier.SERVER_SENT_EVENTS).open(uri, listener);
        };
    }

    /** What was opened is closed: the next one, too, has to make a connection of its own, as over HTTP/1.1. */
    void endFeed() {
        overHttp2.close();
        overHttp2 = http2();
    }

    private WebSocketClient http2() {
        return WebSocketClient.builder().http2().relay(relayOfHttp2).build();
    }

    private LadderClient ladder(Carrier rung) {
        return LadderClient.over(plain).rungs(rung).times(PROOF, Duration.ofMinutes(5), pollInterval);
    }

    @Override
    public void close() {
        plain.close();
        compressing.close();
        overHttp2.close();
    }
}
