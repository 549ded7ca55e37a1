package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.netty.Reconnect;
import dev.duplex.netty.Reconnecting;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import dev.duplex.testkit.Fault;
import dev.duplex.testkit.FaultProxy;
import dev.duplex.testkit.FickleProxy;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Order, and each message once, whatever becomes of single requests and connections. */
@Timeout(60)
class LossTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WebSocketServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback()).endpoint("/echo", opening -> new Listener() {
            @Override
            public void onMessage(Connection connection, Message message) {
                connection.send(message);
            }

            @Override
            public Overflow overflow() {
                return Overflow.PAUSE;
            }
        }).start();
        proxy = FaultProxy.to(server.port());
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(1));
        proxy.close();
    }

    private LadderClient client(Carrier... rungs) {
        return LadderClient.over(WebSocketClient.builder().build()).rungs(rungs)
                .times(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofMillis(5));
    }

    private URI throughTheProxy() {
        return URI.create("ws://127.0.0.1:" + proxy.port() + "/echo");
    }

    /** Sends texts and bytes, and expects each back, once and in order. */
    static void converse(Conversation c, int messages, long seed) {
        Thread sender = Thread.ofVirtual().start(() -> {
            Random random = new Random(seed);
            for (int i = 0; i < messages; i++) {
                c.send(message(i, random));
            }
        });
        Random random = new Random(seed);
        for (int i = 0; i < messages; i++) {
            try {
                assertThat(c.receive(PATIENCE)).as("message %d", i).isEqualTo(message(i, random));
            } catch (java.util.concurrent.TimeoutException late) {
                throw new AssertionError("message " + i + " did not come; ended: " + c.closeReason(), late);
            }
        }
        sender.interrupt();
    }

    private static Message message(int number, Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? Message.binary(bytes) : Message.text(number + "é".repeat(bytes.length));
    }

    @ParameterizedTest
    @CsvSource({
        "STREAMING, CLIENT", "SERVER_SENT_EVENTS, CLIENT", "LONG_POLLING, CLIENT", "POLLING, CLIENT",
        "STREAMING, SERVER", "SERVER_SENT_EVENTS, SERVER", "LONG_POLLING, SERVER", "POLLING, SERVER",
    })
    void nothingIsLostOrDoubledWhenConnectionsBreakAgainAndAgain(Carrier carrier, String side) throws Exception {
        try (LadderClient client = client(carrier); Conversation c = client.converse(throughTheProxy())) {
            // Each TCP connection dies after so many bytes, with what was under way: responses are lost, and requests repeated.
            (side.equals("CLIENT") ? proxy.toClient() : proxy.toServer()).after(20_000, Fault.RESET);
            converse(c, 400, carrier.ordinal());
            proxy.toClient().heal();
            proxy.toServer().heal();
        }
    }

    @Test
    void aConnectionStepsDownToWhatHoldsAndClimbsBackWithoutLoss() throws Exception {
        try (LadderClient client = client(Carrier.STREAMING, Carrier.LONG_POLLING, Carrier.POLLING);
                Conversation c = client.converse(throughTheProxy())) {
            converse(c, 50, 1);
            proxy.toClient().after(2000, Fault.RESET); // enough for a few answers
            converse(c, 50, 2);
            proxy.toClient().heal();
            converse(c, 50, 3);
            assertThat(c.connection().isOpen()).isTrue();
        }
    }

    @Test
    void aSocketThatOpensAndSwallowsFramesIsPassedBy() throws Exception {
        try (LadderClient client = LadderClient.over(WebSocketClient.builder().build())
                .times(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(1))) {
            // The answer to the upgrade passes, the first frame does not; the answers to openings by POST are shorter still.
            try (FickleProxy swallowing = new FickleProxy(server.port(), FickleProxy.Mood.SWALLOW)) {
                Conversation c = client.converse(URI.create("ws://127.0.0.1:" + swallowing.port() + "/echo"));
                c.send("through");
                assertThat(c.receive(PATIENCE).text()).isEqualTo("through");
                assertThat(c.opening().carrier()).isEqualTo(Carrier.STREAMING);
                assertThat(swallowing.swallowed()).as("what the proxy took and kept").isPositive();
                c.close();
            }
        }
    }

    @Test
    void aSocketThatHoldsIsTaken() throws Exception {
        try (LadderClient client = LadderClient.over(WebSocketClient.builder().build()); Conversation c = client.converse(throughTheProxy())) {
            c.send("x");
            assertThat(c.receive(PATIENCE).text()).isEqualTo("x");
            assertThat(c.opening().carrier()).isEqualTo(Carrier.HTTP_1_1);
        }
    }

    /** 4000 is no code after which there is no use in trying. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1", "STREAMING", "LONG_POLLING"})
    void aLostConnectionIsOpenedAgainOnTheSameLadder(Carrier carrier) throws Exception {
        BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
        Reconnect quickly = new Reconnect(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ZERO, attempt -> {});
        try (LadderClient client = client(carrier);
                Reconnecting kept = client.keepOpen(throughTheProxy(), opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        opened.add(connection);
                    }
                }, quickly)) {
            Connection first = opened.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(first.opening().carrier()).isEqualTo(carrier);
            first.close(4000, "again");
            Connection second = opened.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(second).isNotNull().isNotSameAs(first);
            assertThat(second.opening().carrier()).isEqualTo(carrier);
            assertThat(kept.ended().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void whenNothingHoldsTheReasonIsTold() {
        proxy.close();
        try (LadderClient client = LadderClient.over(WebSocketClient.builder().build())) {
            assertThat(client.open(throughTheProxy(), new Listener() {}).toCompletableFuture()).failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withCauseInstanceOf(dev.duplex.netty.ConnectFailedException.class);
        }
    }
}
