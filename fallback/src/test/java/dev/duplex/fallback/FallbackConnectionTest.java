package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectionContract;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.testkit.FickleProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What every carrier owes, owed by each delivery of a session, with and without TLS, and by one that changes all the time. */
@ParameterizedClass
@CsvSource({"STREAMING, ws", "SERVER_SENT_EVENTS, ws", "LONG_POLLING, ws", "POLLING, ws", "SOCKET, ws", "SWITCHING, ws",
        "STREAMING, wss", "SERVER_SENT_EVENTS, wss", "LONG_POLLING, wss", "POLLING, wss", "SOCKET, wss"})
class FallbackConnectionTest extends ConnectionContract {
    @Parameter(0)
    private String delivery;

    @Parameter(1)
    private String scheme;

    private FickleProxy proxy;

    @AfterEach
    void stopProxy() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
    }

    private Carrier[] rungs() {
        return switch (delivery) {
            case "SOCKET", "SWITCHING" -> new Carrier[] {Carrier.HTTP_1_1, Carrier.STREAMING};
            default -> new Carrier[] {Carrier.valueOf(delivery)};
        };
    }

    /** The way to the server: each WebSocket on it is cut after a few messages, if the delivery is to change. */
    private URI way(URI uri) {
        if (!delivery.equals("SWITCHING")) {
            return uri;
        }
        try {
            proxy = proxy != null ? proxy : new FickleProxy(uri.getPort(), FickleProxy.Mood.PASS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        proxy.cutAfter(20_000);
        return URI.create(uri.toString().replace(":" + uri.getPort(), ":" + proxy.port()));
    }

    @Override
    protected ServerBuilder serverOver(ServerBuilder builder) {
        return (scheme.equals("wss") ? builder.tls(Tls.selfSigned()) : builder).carrier(new Fallback());
    }

    @Override
    protected Client clientOver(ClientBuilder builder) {
        LadderClient client = LadderClient.over(builder.insecure().build()).rungs(rungs())
                .times(Duration.ofSeconds(10), Duration.ofMillis(5), Duration.ofMillis(5));
        return new Client() {
            @Override
            public Conversation converse(URI uri) {
                return client.converse(way(uri));
            }

            @Override
            public CompletionStage<Connection> open(URI uri, Listener listener) {
                return client.open(way(uri), listener);
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    @Override
    protected String scheme() {
        return scheme;
    }

    @Override
    protected boolean seesItsServerEnd() {
        return false;
    }

    @Override
    protected int haste() {
        return 10;
    }
}
