package dev.duplex.attacks;

import static dev.duplex.attacks.Http2Peer.CANCEL;
import static dev.duplex.attacks.Http2Peer.DATA;
import static dev.duplex.attacks.Http2Peer.END_HEADERS;
import static dev.duplex.attacks.Http2Peer.END_STREAM;
import static dev.duplex.attacks.Http2Peer.ENHANCE_YOUR_CALM;
import static dev.duplex.attacks.Http2Peer.GOAWAY;
import static dev.duplex.attacks.Http2Peer.HEADERS;
import static dev.duplex.attacks.Http2Peer.PING;
import static dev.duplex.attacks.Http2Peer.RST_STREAM;
import static dev.duplex.attacks.Http2Peer.WINDOW_UPDATE;
import static dev.duplex.attacks.Http2Peer.connect;
import static dev.duplex.attacks.Http2Peer.frame;
import static dev.duplex.attacks.Http2Peer.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which reasons a server reports when streams of HTTP/2, or their connection, end without a Close. */
class Http2EndsTest {
    private static final byte[] NOTHING = {};

    private final LinkedBlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).closeWait(Duration.ofMillis(500)).endpoint("/", opening -> new Listener() {
            @Override
            public void onClose(Connection connection, CloseReason reason) {
                reports.add(connection.closeReport().orElseThrow());
            }
        }).start();
    }

    @AfterEach
    void oneEndOneReport() {
        server.close(Duration.ZERO);
        assertThat(reports).isEmpty();
    }

    /** A peer with WebSockets on streams 1, 3 and so on. */
    private Http2Peer peer(int streams) throws IOException {
        Http2Peer peer = new Http2Peer(new RawSocket(server.port()), NOTHING);
        for (int stream = 1; stream < 2 * streams; stream += 2) {
            peer.send(HEADERS, END_HEADERS, stream, connect("/"));
            assertThat(peer.status(peer.awaitOn(stream, HEADERS, RST_STREAM))).isEqualTo(200);
        }
        return peer;
    }

    private void assertEnd(By by, How how, String sentence) throws InterruptedException {
        CloseReport report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.by()).as("%s", report).isEqualTo(by);
        assertThat(report.how()).as("%s", report).isEqualTo(how);
        assertThat(report.reason().code()).isEqualTo(CloseReason.ABNORMAL);
        assertThat(report.sentence()).startsWith(sentence);
    }

    private static byte[] goAway(int error) {
        return ByteBuffer.allocate(8).putInt(0).putInt(error).array();
    }

    @Test
    void aResetStreamTellsItsError() throws Exception {
        try (Http2Peer peer = peer(2)) {
            peer.send(RST_STREAM, 0, 1, number(CANCEL));
            assertEnd(By.PEER, How.RST, "the connection was reset (RST, by RST_STREAM CANCEL) without Close");
            peer.send(RST_STREAM, 0, 3, number(0x2a));
            assertEnd(By.PEER, How.RST, "the connection was reset (RST, by RST_STREAM 0x2a) without Close");
        }
    }

    @Test
    void theEndOfAStreamIsItsFin() throws Exception {
        try (Http2Peer peer = peer(1)) {
            peer.send(DATA, END_STREAM, 1, NOTHING);
            assertEnd(By.PEER, How.FIN, "the peer ended the connection (FIN, by END_STREAM) without Close");
        }
    }

    @Test
    void theEndOfTheConnectionEndsAllStreams() throws Exception {
        peer(2).close();
        assertEnd(By.PEER, How.FIN, "the peer ended the connection (FIN) without Close");
        assertEnd(By.PEER, How.FIN, "the peer ended the connection (FIN) without Close");
    }

    @Test
    void whyThePeerGoesAwayIsTold() throws Exception {
        try (Http2Peer peer = peer(1)) {
            peer.send(GOAWAY, 0, 0, goAway(ENHANCE_YOUR_CALM));
        }
        assertEnd(By.PEER, How.FIN, "the peer ended the connection (FIN, after GOAWAY ENHANCE_YOUR_CALM) without Close");
    }

    @Test
    void whatIsTooMuchForTheConnectionIsALimit() throws Exception {
        try (Http2Peer peer = peer(1)) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 2000; i++) {
                flood.writeBytes(frame(PING, 0, 0, new byte[8]));
            }
            peer.flood(flood.toByteArray());
            assertEnd(By.US, How.LIMIT, "the peer went beyond a limit of this end: GOAWAY ENHANCE_YOUR_CALM");
        }
    }

    @Test
    void aRuleOfHttp2ThatIsBrokenIsNamed() throws Exception {
        try (Http2Peer peer = peer(2)) {
            peer.send(WINDOW_UPDATE, 0, 1, number(0));
            assertEnd(By.US, How.RULE_BROKEN, "the peer broke a rule: RST_STREAM PROTOCOL_ERROR");
            peer.send(DATA, 0, 0, HexFormat.of().parseHex("00"));
            assertEnd(By.US, How.RULE_BROKEN, "the peer broke a rule: GOAWAY PROTOCOL_ERROR");
        }
    }
}
