package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.fallback.EngineIo;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** Our Engine.IO, and the client that its makers publish. */
@Timeout(120)
class EngineIoTest {
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static WebSocketServer server;

    @BeforeAll
    static void start() {
        server = EngineIo.at(WebSocketServer.builder().host("127.0.0.1").port(0), "/engine.io/", opening -> new Listener() {
            @Override
            public void onOpen(Connection connection) {
                OPEN.incrementAndGet();
            }

            @Override
            public void onMessage(Connection connection, Message message) {
                connection.send(message);
            }

            @Override
            public void onClose(Connection connection, CloseReason reason) {
                OPEN.decrementAndGet();
            }

            @Override
            public Overflow overflow() {
                return Overflow.PAUSE;
            }
        }).start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close(Duration.ofSeconds(5));
        }
    }

    /** What came of so many clients, each of which sent so many messages at least. */
    private static Map<String, Object> run(String transports, int clients, int messages) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(NodeModules.node().toString(), Programs.resource("clients/engineio.mjs").toString(),
                "http://127.0.0.1:" + server.port(), transports, String.valueOf(clients), String.valueOf(messages));
        Process node = program.redirectError(Programs.log("engineio")).start();
        try {
            String line = node.inputReader(StandardCharsets.UTF_8).readLine();
            assertThat(line).as("see %s", Programs.log("engineio")).isNotNull();
            return JSON.std.mapFrom(line);
        } finally {
            Programs.end(node);
        }
    }

    private static void awaitNobody() throws InterruptedException {
        for (int i = 0; i < 1000 && OPEN.get() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(OPEN).as("connections left behind").hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket"})
    void eachTransportCarriesTextAndBytesInOrder(String transport) throws Exception {
        Map<String, Object> result = run(transport, 20, 30);
        assertThat(result.get("faults")).isEqualTo(List.of());
        assertThat(result).containsEntry("clients", 20).containsEntry("received", 600).containsEntry("upgraded", 0);
        awaitNobody();
    }

    @Test
    @Tag("slow")
    void aThousandUpgradesUnderLoadLoseAndDoubleNothing() throws Exception {
        Map<String, Object> result = run("polling,websocket", 1000, 12);
        assertThat(result.get("faults")).isEqualTo(List.of());
        assertThat(result).containsEntry("clients", 1000).containsEntry("upgraded", 1000);
        assertThat((Integer) result.get("received")).isGreaterThanOrEqualTo(12_000);
        awaitNobody();
    }
}
