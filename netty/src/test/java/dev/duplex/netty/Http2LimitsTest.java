package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What limits a server's connections limits WebSockets that share one of HTTP/2 as well. */
class Http2LimitsTest {
    private final WebSocketClient client = WebSocketClient.builder().http2().build();
    private WebSocketServer server;

    private void start(UnaryOperator<ServerBuilder> settings) {
        server = settings.apply(WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() {})).start();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        client.close();
        for (int i = 0; i < 1000 && server.heldBytes() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(server.heldBytes()).isZero();
        server.close();
    }

    private Connection open() throws Exception {
        return client.open(URI.create("ws://127.0.0.1:" + server.port() + "/"), new Listener() {}).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void assertRefused(String why) {
        assertThatThrownBy(this::open).isInstanceOf(ExecutionException.class).cause().isInstanceOf(ConnectFailedException.class).hasMessageContaining(why);
    }

    /** Who has left is missed by the server in its own time. */
    private void assertComesIn() throws Exception {
        for (int i = 0; ; i++) {
            try {
                open();
                return;
            } catch (ExecutionException notYet) {
                assertThat(i).isLessThan(1000);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void theFirstWebSocketStandsInItsConnectionsPlaceAndEachFurtherOneCounts() throws Exception {
        start(builder -> builder.maxConnections(2));
        open();
        Connection second = open();
        assertRefused("503");
        assertRefused("503");
        second.close();
        assertComesIn();
        assertRefused("503");
    }

    @Test
    void anAddressHasItsNumberOfThemOverHowManyConnectionsSoever() throws Exception {
        start(builder -> builder.connectionsPerAddress(2, 0));
        open();
        Connection second = open();
        assertRefused("429");
        assertRefused("429");
        second.close();
        assertComesIn();
        assertRefused("429");
    }

    @Test
    void anAddressOpensSoManyInASecond() throws Exception {
        start(builder -> builder.connectionsPerAddress(0, 3));
        List<String> refusals = new ArrayList<>();
        long beginNanos = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            try {
                open();
            } catch (ExecutionException refused) {
                refusals.add(refused.getCause().getMessage());
            }
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beginNanos) + 2; // those begun count
        assertThat(40L - refusals.size()).isBetween(3L, 3 * seconds);
        assertThat(refusals).allMatch(why -> why.contains("429"));
    }

    @Test
    void eachTakesItsShareOfTheMemory() throws Exception {
        start(builder -> builder.memory(16L * MemoryBudget.CONNECTION_BYTES));
        int opened = 0;
        try {
            while (opened < 16) {
                open();
                opened++;
            }
        } catch (ExecutionException full) {
            assertThat(full.getCause()).hasMessageContaining("503");
        }
        assertThat(opened).isBetween(8, 14);
    }
}
