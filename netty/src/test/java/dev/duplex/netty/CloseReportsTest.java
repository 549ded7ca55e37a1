package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.TransportInfo;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a server reports of each way in which a connection can end, over sockets. */
@Tag("slow")
class CloseReportsTest {
    /** The frame of "hi", masked with zeros. */
    private static final String HI = "81 82 00000000 6869";
    private static final String CLOSE_1000 = "88 82 00000000 03e8";
    private static final int LARGE = 16 << 20;

    private final LinkedBlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    private final class Recorder implements Listener {
        @Override
        public void onOpen(Connection connection) {
            assertThat(connection.closeReport()).isEmpty();
            opened.add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            reports.add(connection.closeReport().orElseThrow());
        }
    }

    private RawSocket open(UnaryOperator<ServerBuilder> settings) throws IOException {
        server = settings.apply(WebSocketServer.builder().host("127.0.0.1").port(0).closeWait(Duration.ofMillis(500))
                .endpoint("/", opening -> new Recorder())).start();
        return new RawSocket(server.port()).open("/");
    }

    private RawSocket open() throws IOException {
        return open(builder -> builder);
    }

    @AfterEach
    void oneEndOneReport() {
        server.close(Duration.ZERO);
        assertThat(reports).isEmpty();
    }

    private CloseReport report() throws InterruptedException {
        CloseReport report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        return report;
    }

    private void assertEnd(By by, How how, String sentence) throws InterruptedException {
        CloseReport report = report();
        assertThat(report.how()).as("%s", report).isEqualTo(how);
        assertThat(report.by()).as("%s", report).isEqualTo(by);
        assertThat(report.sentence()).startsWith(sentence);
    }

    @Test
    void thePeersClose() throws Exception {
        try (RawSocket raw = open()) {
            assertThat(raw.sayHex(HI + CLOSE_1000).hex(8)).isEqualTo("81026869880203e8");
            CloseReport report = report();
            assertThat(report.how()).isEqualTo(How.CLOSE_HANDSHAKE);
            assertThat(report.by()).isEqualTo(By.PEER);
            assertThat(report.received()).isEqualTo(new CloseReport.Traffic(1, 16));
            assertThat(report.sent().messages()).isEqualTo(1);
            assertThat(report.sentence()).isEqualTo("the peer closed with 1000 (normal closure)");
            assertThat(report.roundTrip()).as("TCP's, where the system tells").isEqualTo(report.clues().transport().map(TransportInfo::roundTrip));
            assertThat(report.clues().transport().isPresent()).isEqualTo(Epoll.isAvailable());
        }
    }

    @Test
    void ourClose() throws Exception {
        try (RawSocket raw = open(builder -> builder.closeWait(Duration.ofSeconds(20)))) {
            raw.sayHex(HI).hex(4);
            opened.take().close(4001, "enough");
            assertThat(raw.hex(10)).isEqualTo("88080fa1656e6f756768");
            raw.sayHex("88 82 00000000 0fa1");
            assertEnd(By.US, How.CLOSE_HANDSHAKE, "this end closed with 4001");
        }
    }

    @Test
    void aCloseThatNobodyAnswers() throws Exception {
        try (RawSocket raw = open()) {
            opened.take().close();
            assertThat(raw.hex(4)).isEqualTo("880203e8");
            assertEnd(By.US, How.CLOSE_UNANSWERED, "this end closed, and the peer did not answer");
        }
    }

    @Test
    void finWithoutClose() throws Exception {
        RawSocket raw = open();
        raw.sayHex(HI).hex(4);
        raw.close();
        CloseReport report = report();
        assertThat(report.how()).isEqualTo(How.FIN);
        assertThat(report.by()).isEqualTo(By.PEER);
        assertThat(report.sent()).isEqualTo(new CloseReport.Traffic(1, 4));
        assertThat(report.lasted()).isGreaterThanOrEqualTo(report.silence());
    }

    @Test
    void rst() throws Exception {
        RawSocket raw = open();
        raw.sayHex(HI).hex(4);
        raw.reset();
        assertEnd(By.PEER, How.RST, "the connection was reset (RST) without Close");
    }

    @Test
    void aHeadThatAProxyHasWrittenToldOfIt() throws Exception {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Recorder()).start();
        RawSocket raw = new RawSocket(server.port()).say(RawSocket.opening("/", "Via: 1.1 somewhere\r\n"));
        assertThat(raw.head()).contains(" 101 ");
        raw.close();
        CloseReport report = report();
        assertThat(report.clues().proxy()).isEqualTo("Via");
        assertThat(report.clues().signal()).isEqualTo("FIN");
    }

    @Test
    void aRuleBroken() throws Exception {
        try (RawSocket raw = open()) {
            raw.sayHex("83 80 00000000");
            raw.rest();
            raw.socket().close();
            assertEnd(By.US, How.RULE_BROKEN, "the peer broke a rule: 1002 (protocol error)");
        }
    }

    @Test
    void aMessageTooLarge() throws Exception {
        try (RawSocket raw = open(builder -> builder.limits(Limits.defaults().withMaxMessageBytes(1)))) {
            raw.sayHex(HI);
            raw.rest();
            raw.socket().close();
            assertEnd(By.US, How.LIMIT, "the peer went beyond a limit of this end: 1009 (message too big)");
        }
    }

    @Test
    void tooManyPings() throws Exception {
        try (RawSocket raw = open()) {
            raw.sayHex("8980 00000000".repeat(300));
            raw.rest();
            raw.socket().close();
            assertEnd(By.US, How.LIMIT, "the peer went beyond a limit of this end: 1008 (policy violation)");
        }
    }

    @Test
    void missedPongs() throws Exception {
        try (RawSocket raw = open(builder -> builder.pings(Duration.ofMillis(250), Duration.ofMillis(500)))) {
            assertEnd(By.US, How.MISSED_PONGS, "nothing came for ");
            assertThat(raw.hex(1)).isEqualTo("89");
        }
    }

    @Test
    void aStalledWrite() throws Exception {
        try (RawSocket raw = open(builder -> builder.writeDeadline(Duration.ofMillis(500)).outbound(64 * 1024, 2 * LARGE))) {
            opened.take().send(new byte[LARGE]);
            assertEnd(By.US, How.WRITE_STALLED, "the peer took nothing");
            assertThat(raw.hex(1)).isEqualTo("82");
        }
    }

    @Test
    void aServerThatDoesNotWait() throws Exception {
        try (RawSocket raw = open()) {
            server.close(Duration.ZERO);
            CloseReport report = report();
            assertThat(report.by()).isEqualTo(By.US);
            assertThat(report.how()).isEqualTo(How.ABORTED);
            raw.rest();
        }
    }

    @Test
    void whoRecordsIsToldByAnEvent() throws Exception {
        LinkedBlockingQueue<RecordedEvent> events = new LinkedBlockingQueue<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable("dev.duplex.Close");
            stream.setReuse(false);
            stream.onEvent("dev.duplex.Close", events::add);
            stream.startAsync();
            try (RawSocket raw = open()) {
                raw.sayHex(HI + CLOSE_1000).hex(8);
                assertThat(report().by()).isEqualTo(By.PEER);
            }
            stream.stop();
            RecordedEvent event = events.poll(20, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            assertThat(event.getString("sentence")).isEqualTo("the peer closed with 1000 (normal closure)");
            assertThat(event.getString("how")).isEqualTo("CLOSE_HANDSHAKE");
            assertThat(event.getString("path")).isEqualTo("/");
            assertThat(event.getInt("code")).isEqualTo(1000);
            assertThat(event.getDuration("tcpRoundTrip").isNegative()).isNotEqualTo(Epoll.isAvailable());
            assertThat(event.getDuration("roundTrip")).isEqualTo(event.getDuration("tcpRoundTrip"));
            assertThat(event.getString("proxy")).isEmpty();
            assertThat(event.getLong("bytesReceived")).isEqualTo(16);
        }
    }
}
