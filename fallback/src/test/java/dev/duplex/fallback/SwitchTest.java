package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.Rejection;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Message;
import dev.duplex.testkit.FickleProxy;
import dev.duplex.testkit.FickleProxy.Mood;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection moves between a WebSocket and plain HTTP while it is in use, and its two applications see nothing of it. */
@Timeout(300)
class SwitchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicReference<Opening> opened = new AtomicReference<>();
    private WebSocketServer server;
    private FickleProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback()).endpoint("/echo", opening -> {
            opened.set(opening);
            connections.incrementAndGet();
            return new Listener() {
                @Override
                public void onMessage(Connection connection, Message message) {
                    connection.send(message);
                }

                @Override
                public Overflow overflow() {
                    return Overflow.PAUSE;
                }
            };
        }).start();
        proxy = new FickleProxy(server.port(), Mood.PASS);
    }

    @AfterEach
    void stop() throws IOException {
        server.close(Duration.ofSeconds(1));
        proxy.close();
    }

    private static LadderClient client(Duration proof, Duration climbAfter, Carrier... rungs) {
        return LadderClient.over(WebSocketClient.builder().subprotocols("a").closeWait(Duration.ofMillis(200)).build()).rungs(rungs)
                .times(proof, climbAfter, Duration.ofMillis(5));
    }

    private URI throughTheProxy() {
        return URI.create("ws://127.0.0.1:" + proxy.port() + "/echo?room=1");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !condition.getAsBoolean() && System.nanoTime() < end;) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** Each WebSocket is cut after a while, so that a connection climbs and falls again and again. */
    @ParameterizedTest
    @EnumSource(names = {"STREAMING", "LONG_POLLING", "POLLING"})
    void nothingIsLostOrDoubledOverAThousandSwitchesUnderLoad(Carrier below) throws Exception {
        int switches = below == Carrier.STREAMING ? 1000 : 100;
        proxy.cutAfter(6000);
        AtomicInteger sent = new AtomicInteger();
        try (LadderClient client = client(Duration.ofSeconds(10), Duration.ofMillis(1), Carrier.HTTP_1_1, below);
                Conversation c = client.converse(throughTheProxy())) {
            Thread sender = Thread.ofVirtual().start(() -> {
                Random random = new Random(below.ordinal());
                for (int i = 0; proxy.opened() < switches / 2 + 1; i++) {
                    c.send(message(i, random)); // up and down again is two
                    sent.incrementAndGet();
                }
            });
            Random random = new Random(below.ordinal());
            for (int i = 0; sender.isAlive() || i < sent.get(); i++) {
                assertThat(c.receive(PATIENCE)).as("message %d", i).isEqualTo(message(i, random));
            }
            assertThat(proxy.opened()).isGreaterThan(switches / 2);
            assertThat(connections).as("one connection all along").hasValue(1);
            proxy.cutAfter(Long.MAX_VALUE);
        }
    }

    private static Message message(int number, Random random) {
        byte[] bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? Message.binary(bytes) : Message.text(number + " " + "é".repeat(bytes.length / 2));
    }

    @Test
    void aConnectionThatHasBegunBelowClimbsAndTheApplicationSeesNothingOfIt() throws Exception {
        proxy.become(Mood.REFUSE);
        try (LadderClient client = client(Duration.ofSeconds(10), Duration.ofMillis(50), Carrier.HTTP_1_1, Carrier.STREAMING);
                Conversation c = client.converse(throughTheProxy())) {
            assertThat(c.opening().carrier()).isEqualTo(Carrier.STREAMING);
            LossTest.converse(c, 50, 1);
            assertThat(proxy.opened()).isZero();
            proxy.become(Mood.PASS);
            await(() -> proxy.opened() > 0);
            LossTest.converse(c, 50, 2);
            proxy.become(Mood.REFUSE);
            LossTest.converse(c, 50, 3);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void aWebSocketThatFallsSilentLaterOnIsLeftWithoutLoss() throws Exception {
        try (LadderClient client = client(Duration.ofSeconds(2), Duration.ofMillis(50), Carrier.HTTP_1_1, Carrier.LONG_POLLING);
                Conversation c = client.converse(throughTheProxy())) {
            LossTest.converse(c, 50, 1);
            int opened = connections.get(); // each rung that is tried for the opening is one
            int before = proxy.opened();
            proxy.become(Mood.SWALLOW);
            for (int i = 0; i == 0 || proxy.swallowed() == 0; i++) {
                LossTest.converse(c, 50, 2);
            }
            proxy.become(Mood.PASS);
            await(() -> proxy.opened() > before);
            LossTest.converse(c, 50, 3);
            assertThat(connections).as("the same one all along").hasValue(opened);
        }
    }

    /** The opening that the endpoint sees is that of any WebSocket. */
    @Test
    void anEndpointIsToldOfAWebSocket() throws Exception {
        try (LadderClient client = client(Duration.ofSeconds(10), Duration.ofSeconds(10), Carrier.HTTP_1_1, Carrier.STREAMING);
                Conversation c = client.converse(throughTheProxy())) {
            assertThat(opened.get().carrier()).isEqualTo(Carrier.HTTP_1_1);
            assertThat(opened.get().query()).isEqualTo("room=1");
            assertThat(opened.get().offeredSubprotocols()).containsExactly("a");
            assertThat(c.opening().carrier()).isEqualTo(Carrier.HTTP_1_1);
            assertThat(c.opening().offeredSubprotocols()).containsExactly("a");
            assertThat(c.opening().subprotocol()).isEmpty();
            assertThat(server.connectionCount()).isEqualTo(1);
        }
    }

    private static final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }
    }

    /** As any other maker's server does. */
    @Test
    void aServerThatKnowsNothingOfSessionsGetsAPlainWebSocket() throws Exception {
        try (WebSocketServer plain = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", opening -> {
                opened.set(opening);
                return new Echo();
            }).start();
                LadderClient client = client(Duration.ofSeconds(10), Duration.ofSeconds(10), Carrier.HTTP_1_1, Carrier.STREAMING);
                Conversation c = client.converse(URI.create("ws://127.0.0.1:" + plain.port() + "/echo"))) {
            LossTest.converse(c, 50, 1);
            assertThat(opened.get().offeredSubprotocols()).contains("a");
        }
    }

    @Test
    void aServerThatRefusesWordsItDoesNotKnowGetsAPlainWebSocket() throws Exception {
        try (WebSocketServer strict = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", opening -> {
                if (opening.offeredSubprotocols().contains("duplex.session")) {
                    throw new Rejection(400, Headers.empty(), "no such subprotocol");
                }
                return new Echo();
            }).start();
                LadderClient client = client(Duration.ofSeconds(10), Duration.ofSeconds(10), Carrier.HTTP_1_1, Carrier.STREAMING);
                Conversation c = client.converse(URI.create("ws://127.0.0.1:" + strict.port() + "/echo"))) {
            LossTest.converse(c, 50, 1);
        }
    }
}
