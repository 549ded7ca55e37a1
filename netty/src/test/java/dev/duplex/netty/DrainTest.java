package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server goes down that was told nothing of how to. Only what is too early or far too late is wrong here: machines may be slow. */
@Timeout(120)
class DrainTest {
    private static WebSocketServer serve(UnaryOperator<ServerBuilder> settings) {
        return settings.apply(WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/silent", opening -> new Listener() {})).start();
    }

    private static long closedAfterMillis(WebSocketServer server) {
        long start = System.nanoTime();
        server.close();
        assertThat(server.isTerminated()).isTrue();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void whereNobodyIsTheEndComesAtOnce() {
        assertThat(closedAfterMillis(serve(builder -> builder))).isLessThan(15_000);
    }

    @Test
    void nobodyWaitsForConnectionsThatSayNothing() throws Exception {
        try (WebSocketServer server = serve(builder -> builder);
                RawSocket untouched = new RawSocket(server.port());
                RawSocket answered = new RawSocket(server.port()).say("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n")) {
            assertThat(answered.head()).startsWith("HTTP/1.1 404 ");
            assertThat(closedAfterMillis(server)).isLessThan(15_000);
            assertThat(untouched.restText()).isEmpty();
        }
    }

    @Test
    void nobodyWaitsLongerThanTheCloseWaitForAPeerThatDoesNotAnswer() throws Exception {
        try (WebSocketServer server = serve(builder -> builder.closeWait(Duration.ofMillis(300)));
                RawSocket deaf = new RawSocket(server.port()).say(RawSocket.opening("/silent", ""))) {
            assertThat(deaf.head()).startsWith("HTTP/1.1 101 ");
            assertThat(closedAfterMillis(server)).isBetween(300L, 15_000L);
            assertThat(deaf.restText()).startsWith("\u0088").contains("\u0003\u00e9the server goes down");
        }
    }

    @Test
    void clientsAreToldOneAfterTheOtherSoThatTheyDoNotComeBackTogether() throws Exception {
        int clients = 400;
        BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
        try (WebSocketServer server = serve(builder -> builder); WebSocketClient client = WebSocketClient.builder().build()) {
            List<Connection> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(client.open(URI.create("ws://127.0.0.1:" + server.port() + "/silent"), new Listener() {
                    @Override
                    public void onClose(Connection connection, CloseReason reason) {
                        ends.add(reason);
                    }
                }).toCompletableFuture().get(20, TimeUnit.SECONDS));
            }
            assertThat(closedAfterMillis(server)).isBetween(1000L * clients / Farewell.PER_SECOND, 20_000L);
            for (int i = 0; i < clients; i++) {
                assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(new CloseReason(1001, "the server goes down", CloseReason.Initiator.PEER, true));
            }
        }
    }
}
