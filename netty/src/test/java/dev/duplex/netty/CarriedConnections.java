package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server and a client over some carrier, and what the server sees. */
public abstract class CarriedConnections {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    WebSocketServer server;
    Client client;
    final LinkedBlockingQueue<Connection> serverOpens = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<CloseReason> serverEnds = new LinkedBlockingQueue<>();

    /** What opens connections over the carrier. */
    public interface Client extends AutoCloseable {
        Conversation converse(URI uri);

        CompletionStage<Connection> open(URI uri, Listener listener);

        @Override
        void close();
    }

    protected abstract ServerBuilder serverOver(ServerBuilder builder);

    protected abstract Client clientOver(ClientBuilder builder);

    protected abstract String scheme();

    /** What many repetitions are divided by, where each takes its time. */
    protected int haste() {
        return 1;
    }

    /** Whether a client learns of its server's sudden end by itself, and needs not ask for half a minute whether it comes back. */
    protected boolean seesItsServerEnd() {
        return true;
    }

    static Client socketsOf(WebSocketClient client) {
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

    @BeforeEach
    void start() {
        Limits limits = Limits.defaults().withMaxMessageBytes(16 << 20);
        server = serverOver(WebSocketServer.builder().host("127.0.0.1").port(0))
                .limits(limits)
                .deflate(DeflateOptions.defaults())
                .endpoint("/echo", opening -> new Echo())
                .endpoint("/talk", Endpoint.conversation(c -> {
                    for (Message message : c) {
                        c.send(message);
                    }
                }))
                .endpoint("/parts", Endpoint.conversationInParts(c -> {
                    while (true) {
                        c.send(c.receivePart());
                    }
                }))
                .endpoint("/greet/{name}", Endpoint.conversation(c -> c.send("hello " + c.opening().variable("name"))))
                .endpoint("/broken", opening -> new Listener() {
                    @Override
                    public void onMessage(Connection connection, Message message) {
                        throw new IllegalStateException("planted");
                    }

                    @Override
                    public void onClose(Connection connection, CloseReason reason) {
                        serverEnds.add(reason);
                    }
                })
                .endpoint("/sub", ((Endpoint) opening -> new Echo()).speaking("b", "a"))
                .start();
        // Threads that send faster than a server echoes must not overflow: how much the way itself holds is the carrier's affair.
        client = clientOver(WebSocketClient.builder().limits(limits).outbound(64 << 10, 64 << 20));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close(Duration.ofSeconds(3));
        assertThat(server.connectionCount()).isZero();
        assertThat(server.isTerminated()).isTrue();
    }

    final class Echo implements Listener {
        @Override
        public void onOpen(Connection connection) {
            serverOpens.add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            serverEnds.add(reason);
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }

    URI at(String path) {
        return URI.create(scheme() + "://127.0.0.1:" + server.port() + path);
    }

    CloseReason serverEnd() throws InterruptedException {
        return serverEnds.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
