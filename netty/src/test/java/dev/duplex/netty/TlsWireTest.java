package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.duplex.api.CloseReport;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A WebSocket on records of TLS, however they come; run once over BoringSSL and once over the JDK's engine. */
@Tag("slow")
@Timeout(120)
class TlsWireTest {
    /** The frame of "hi", masked with zeros, and its echo. */
    private static final String HI = "81 82 00000000 6869";
    private static final String HI_BACK = "81026869";
    private static final String CLOSE = "88 82 00000000 03e8";
    private static final String CLOSE_BACK = "880203e8";
    /** Whose answers are far more than may wait. */
    private static final int MANY_WISHES = 5000;

    private final LinkedBlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    private final class Echo implements Listener {
        @Override
        public void onOpen(Connection connection) {
            opened.add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            received.add(message);
            connection.send(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            reports.add(connection.closeReport().orElseThrow());
        }
    }

    private final class Paused implements Listener {
        @Override
        public void onOpen(Connection connection) {
            connection.pause();
            opened.add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            received.add(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            reports.add(connection.closeReport().orElseThrow());
        }
    }

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned()).maxConnections(2).outbound(64 * 1024, 64 << 20)
                .limits(Limits.defaults().withMaxMessageBytes(4 << 20)).closeWait(Duration.ofSeconds(20))
                .writeDeadline(Duration.ofMinutes(2)).pings(Duration.ZERO, Duration.ZERO)
                .endpoint("/echo", opening -> new Echo())
                .endpoint("/paused", opening -> new Paused())
                .start();
    }

    /** Whatever happened: who has gone has given back its place, its engine and its buffers. */
    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); server.heldBytes() + server.connectionCount() != 0 && System.nanoTime() < end; ) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(server.heldBytes()).isZero();
        assertThat(server.connectionCount()).isZero();
        server.close(Duration.ZERO);
    }

    private RawTls peer(String version) throws Exception {
        return new RawTls(server.port(), version);
    }

    private CloseReport report() throws InterruptedException {
        CloseReport report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        return report;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRecordIsReadWhereverItIsCut(String version) throws Exception {
        try (RawTls peer = peer(version).open("/echo")) {
            byte[] first = peer.sealedHex(HI);
            peer.send(first);
            assertThat(peer.hex(4)).isEqualTo(HI_BACK);
            for (int cut = 1; cut < first.length; cut++) {
                byte[] record = peer.sealedHex(HI);
                peer.send(Arrays.copyOf(record, cut)).send(Arrays.copyOfRange(record, cut, record.length));
                assertThat(peer.hex(4)).isEqualTo(HI_BACK);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsAreReadByteByByte(String version) throws Exception {
        try (RawTls peer = peer(version)) {
            byte[] request = peer.sealed(RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII));
            for (byte each : request) {
                peer.send(new byte[] {each});
            }
            peer.opened();
            for (byte each : peer.sealedHex(HI)) {
                peer.send(new byte[] {each});
            }
            assertThat(peer.hex(4)).isEqualTo(HI_BACK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatComesWithTheRequestIsRead(String version) throws Exception {
        try (RawTls peer = peer(version)) {
            byte[] request = RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII);
            byte[] frame = HexFormat.of().parseHex(HI.replace(" ", ""));
            byte[] both = Arrays.copyOf(request, request.length + frame.length);
            System.arraycopy(frame, 0, both, request.length, frame.length);
            byte[] record = peer.sealed(both);
            byte[] next = peer.sealedHex(HI);
            byte[] last = peer.sealedHex(HI);
            peer.send(record, next, Arrays.copyOf(last, 9));
            assertThat(peer.opened().hex(8)).isEqualTo(HI_BACK + HI_BACK);
            peer.send(Arrays.copyOfRange(last, 9, last.length));
            assertThat(peer.hex(4)).isEqualTo(HI_BACK);
        }
    }

    @Test
    void manyRecordsAtOnceAreReadInTheirOrder() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/echo")) {
            byte[][] records = new byte[200][];
            StringBuilder echoes = new StringBuilder();
            for (int i = 0; i < records.length; i++) {
                records[i] = peer.sealedHex("82 81 00000000 %02x".formatted(i));
                echoes.append("8201%02x".formatted(i));
            }
            assertThat(peer.send(records).hex(3 * records.length)).isEqualTo(echoes.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aMessageOfManyRecordsComesWhole(String version) throws Exception {
        byte[] large = new byte[3 << 20];
        new Random(7).nextBytes(large);
        try (RawTls peer = peer(version).open("/echo")) {
            peer.sayHex("82 ff 0000000000300000 00000000");
            peer.send(peer.sealed(large));
            assertThat(peer.hex(10)).isEqualTo("827f0000000000300000");
            assertThat(peer.read(large.length)).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCloseIsAnsweredThoughCloseNotifyIsBehindIt(String version) throws Exception {
        try (RawTls peer = peer(version).open("/echo")) {
            byte[] message = peer.sealedHex(HI);
            byte[] close = peer.sealedHex(CLOSE);
            assertThat(peer.send(message, close, peer.closeNotify()).restHex()).isEqualTo(HI_BACK + CLOSE_BACK);
            assertThat(report().how()).isEqualTo(CloseReport.How.CLOSE_HANDSHAKE);
        }
    }

    @Test
    void whatCameBeforeCloseNotifyIsHandedOver() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/paused")) {
            byte[] message = peer.sealedHex(HI);
            peer.send(message, peer.closeNotify());
            Connection connection = opened.take();
            assertThat(received).isEmpty();
            connection.resume();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(Message.text("hi"));
            assertThat(report().how()).isEqualTo(CloseReport.How.FIN);
        }
    }

    @Test
    void anEndWithoutCloseNotifyIsAnEnd() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/echo")) {
            byte[] record = peer.sealedHex(HI);
            peer.send(Arrays.copyOf(record, record.length - 1)).socket().shutdownOutput();
            assertThat(report().sentence()).startsWith("the peer ended the connection (FIN) without Close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSpoiledRecordIsAnsweredWithAnAlert(String version) throws Exception {
        try (RawTls peer = peer(version).open("/echo")) {
            assertThat(peer.sayHex(HI).hex(4)).isEqualTo(HI_BACK);
            byte[] spoiled = peer.sealedHex(HI);
            spoiled[spoiled.length - 1] ^= 1;
            peer.send(spoiled);
            assertThatExceptionOfType(SSLException.class).isThrownBy(peer::restHex).withMessageContaining("bad_record_mac");
            assertThat(report().how()).isEqualTo(CloseReport.How.RST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"00 00 00 00 00 00", "17 03 03 ff ff", "15 03 03 00 02 02 28", "47 45 54 20 2f 20"})
    void whatIsNoRecordEndsTheConnection(String hex) throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/echo")) {
            try {
                peer.send(HexFormat.of().parseHex(hex.replace(" ", "")), new byte[64 * 1024]);
            } catch (IOException cutOffAlready) {
                assertThat(cutOffAlready).isNotNull();
            }
            assertThat(report().how()).isEqualTo(CloseReport.How.RST);
        }
    }

    @Test
    void aPeerMayWantNewKeys() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/echo")) {
            for (int i = 0; i < 20; i++) {
                byte[] wish = peer.rehandshake();
                assertThat(peer.send(wish, peer.sealedHex(HI)).hex(4)).isEqualTo(HI_BACK);
            }
        }
    }

    /** Each answer waits behind what the peer does not take; BoringSSL lets nobody ask more often than 32 times with nothing in between. */
    @Test
    void whoWantsNewKeysAgainAndAgainAndTakesNothingIsCutOff() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/echo")) {
            opened.take().send(new byte[20 << 20]);
            try {
                for (int i = 0; i < MANY_WISHES; i++) {
                    peer.send(peer.rehandshake());
                }
            } catch (SocketException cutOffAlready) {
                assertThat(cutOffAlready).isNotNull();
            }
            CloseReport report = reports.poll(60, TimeUnit.SECONDS);
            assertThat(report).as("an end").isNotNull();
            assertThat(report.how()).isEqualTo(CloseReport.How.RST);
        }
    }

    @Test
    void aPeerMayNotWantAnotherHandshake() throws Exception {
        try (RawTls peer = peer("TLSv1.2").open("/echo")) {
            byte[] wish = peer.rehandshake();
            peer.send(wish);
            assertThat(report().how()).isEqualTo(CloseReport.How.RST);
        }
    }

    @Test
    void aPauseKeepsWhatHasComeAndTheRestOutside() throws Exception {
        try (RawTls peer = peer("TLSv1.3").open("/paused")) {
            Connection connection = opened.take();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        peer.sayHex("82 fe 2000 00000000").send(peer.sealed(new byte[0x2000]));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(received).isEmpty();
            assertThat(server.heldBytes()).isLessThan(512 * 1024);
            connection.resume();
            sent.get(60, TimeUnit.SECONDS);
            for (int i = 0; i < 300; i++) {
                assertThat(received.poll(20, TimeUnit.SECONDS)).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aPeerThatReadsLateGetsAll(String version) throws Exception {
        try (RawTls peer = peer(version).open("/echo")) {
            Connection connection = opened.take();
            CompletableFuture<Void> first = connection.send(new byte[20 << 20]).toCompletableFuture();
            CompletableFuture<Void> second = connection.send("hi").toCompletableFuture();
            assertThat(first).isNotDone();
            assertThat(connection.bufferedBytes()).isGreaterThan(1 << 20);
            assertThat(peer.hex(10)).isEqualTo("827f0000000001400000");
            assertThat(peer.read(20 << 20)).isEqualTo(new byte[20 << 20]);
            assertThat(peer.hex(4)).isEqualTo(HI_BACK);
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoIsClosedGivesItsPlaceBack() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (RawTls peer = peer("TLSv1.3").open("/echo")) {
                opened.take().close(4000, "");
                assertThat(peer.hex(4)).isEqualTo("88020fa0");
                peer.sayHex("88 82 00000000 0fa0");
                assertThat(peer.restHex()).isEmpty();
            }
            report();
        }
    }
}
