package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.testkit.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server reports of those who come over plain HTTP and are not heard of any more; each delivery's other ends are in the contract. */
@Timeout(60)
class CloseReportsTest {
    private final LinkedBlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @EnumSource(value = Carrier.class, names = {"STREAMING", "SERVER_SENT_EVENTS", "LONG_POLLING", "POLLING"})
    void whoIsNotHeardOfAnyMoreHasEndedByBeingIdle(Carrier carrier) throws Exception {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .carrier(new Fallback(10, Duration.ofSeconds(3), Duration.ofMillis(500))).endpoint("/", opening -> new Listener() {
                    @Override
                    public void onClose(Connection connection, CloseReason reason) {
                        reports.add(connection.closeReport().orElseThrow());
                    }
                }).start();
                LadderClient client = LadderClient.over(WebSocketClient.builder().build()).rungs(carrier)) {
            FaultProxy proxy = FaultProxy.to(server.port());
            client.open(URI.create("ws://127.0.0.1:" + proxy.port() + "/"), new Listener() {}).toCompletableFuture().get(20, TimeUnit.SECONDS);
            proxy.close();
            CloseReport report = reports.poll(20, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.how()).as("%s", report).isEqualTo(How.IDLE);
            assertThat(report.by()).isEqualTo(By.US);
            assertThat(report.sentence()).startsWith("no request came for ").endsWith(" s, and this end gave the peer up");
            assertThat(report.clues()).as("of many requests' connections none is this one's").isEqualTo(CloseReport.Clues.NONE);
        }
    }
}
