package dev.duplex.fallback;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectionContract;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What every carrier owes, owed by plain HTTP in each of its deliveries, with and without TLS. */
@ParameterizedClass
@CsvSource({"STREAMING, ws", "SERVER_SENT_EVENTS, ws", "LONG_POLLING, ws", "POLLING, ws",
        "STREAMING, wss", "SERVER_SENT_EVENTS, wss", "LONG_POLLING, wss", "POLLING, wss"})
class FallbackConnectionTest extends ConnectionContract {
    @Parameter(0)
    private Carrier carrier;

    @Parameter(1)
    private String scheme;

    @Override
    protected ServerBuilder serverOver(ServerBuilder builder) {
        return (scheme.equals("wss") ? builder.tls(Tls.selfSigned()) : builder).carrier(new Fallback());
    }

    @Override
    protected Client clientOver(ClientBuilder builder) {
        LadderClient client = LadderClient.over(builder.insecure().build()).rungs(carrier)
                .times(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMillis(5));
        return new Client() {
            @Override
            public Conversation converse(URI uri) {
                return client.converse(uri);
            }

            @Override
            public CompletionStage<Connection> open(URI uri, Listener listener) {
                return client.open(uri, listener);
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
    protected int haste() {
        return 10;
    }
}
