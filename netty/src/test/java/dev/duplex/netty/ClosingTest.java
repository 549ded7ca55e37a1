package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a connection, in every way a peer can bring it about. */
class ClosingTest {
    private static final String CLOSE_1000 = "88 82 00000000 03e8";
    private static final CloseReason LOST = new CloseReason(1006, "", CloseReason.Initiator.TRANSPORT, false);

    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    private void start(IoTransport transport) {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).transport(transport)
                .closeWait(Duration.ofSeconds(1))
                .endpoint("/echo", opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        opened.add(connection);
                    }

                    @Override
                    public void onMessage(Connection connection, Message message) {
                        connection.send(message);
                    }

                    @Override
                    public void onClose(Connection connection, CloseReason reason) {
                        ends.add(reason);
                    }

                    @Override
                    public Overflow overflow() {
                        return Overflow.PAUSE;
                    }
                })
                .start();
    }

    @BeforeEach
    void start() {
        start(IoTransport.BEST);
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(3));
        assertThat(ends).as("onClose came once for each connection").isEmpty();
    }

    private RawSocket connect() throws IOException {
        return new RawSocket(server.port()).open("/echo");
    }

    private CloseReason end() throws InterruptedException {
        return ends.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void aCloseIsEchoedAndTheServerEndsTcpFirst() throws Exception {
        try (RawSocket raw = connect()) {
            long begin = System.nanoTime();
            assertThat(raw.sayHex(CLOSE_1000).restHex()).isEqualTo("880203e8");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
        assertThat(end()).isEqualTo(new CloseReason(1000, "", CloseReason.Initiator.PEER, true));
    }

    @Test
    void theCloseFrameArrivesThoughThePeerHasSentMoreThanWasRead() throws Exception {
        try (RawSocket raw = connect()) {
            // RSV1 without an extension, and 8 MiB behind it that nobody will parse
            raw.sayHex("c1 80 00000000");
            Thread flood = Thread.ofVirtual().start(() -> {
                try {
                    raw.say(new byte[8 << 20]);
                } catch (IOException serverHasClosed) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(raw.restHex()).startsWith("88").contains("03ea").doesNotContain("525354");
            flood.join();
        }
        assertThat(end().code()).isEqualTo(1002);
    }

    @Test
    void repliesBeforeACloseArriveToo() throws Exception {
        try (RawSocket raw = connect()) {
            assertThat(raw.sayHex("81 82 00000000 6869" + CLOSE_1000).restHex()).isEqualTo("81026869" + "880203e8");
        }
        assertThat(end().isClean()).isTrue();
    }

    @Test
    void repliesArriveThoughThePeerHalfClosesWithoutClose() throws Exception {
        try (RawSocket raw = connect()) {
            raw.sayHex("81 82 00000000 6869").socket().shutdownOutput();
            assertThat(raw.restHex()).isEqualTo("81026869");
        }
        assertThat(end()).isEqualTo(LOST);
    }

    @Test
    void closeAndFinInOneSegmentAreStillAClosingHandshake() throws Exception {
        try (RawSocket raw = connect()) {
            raw.sayHex(CLOSE_1000).socket().shutdownOutput();
            assertThat(raw.restHex()).isEqualTo("880203e8");
        }
        assertThat(end().isClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "81", "81 82 0000", "81 85 00000000 6869", "01 80 00000000"})
    void finAtAnyStageIsALostConnectionOnce(String soFar) throws Exception {
        try (RawSocket raw = connect()) {
            raw.sayHex(soFar).socket().shutdownOutput();
            assertThat(raw.restHex()).isEmpty();
        }
        assertThat(end()).isEqualTo(LOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "81", "81 82 0000", "81 85 00000000 6869", "01 80 00000000"})
    void rstAtAnyStageIsALostConnectionOnce(String soFar) throws Exception {
        connect().sayHex(soFar).reset();
        assertThat(end()).isEqualTo(LOST);
    }

    @ParameterizedTest
    @EnumSource(value = IoTransport.class, names = {"NIO", "EPOLL", "IO_URING"})
    @EnabledOnOs(OS.LINUX)
    void everyTransportSeesFinAndRst(IoTransport transport) throws Exception {
        server.close(Duration.ZERO);
        start(transport);
        try (RawSocket raw = connect()) {
            raw.socket().shutdownOutput();
            assertThat(raw.restHex()).isEmpty();
        }
        assertThat(end()).isEqualTo(LOST);
        connect().reset();
        assertThat(end()).isEqualTo(LOST);
        try (RawSocket raw = connect()) {
            assertThat(raw.sayHex(CLOSE_1000).restHex()).isEqualTo("880203e8");
        }
        assertThat(end().isClean()).isTrue();
    }

    @Test
    void aPeerThatNeverAnswersACloseIsCutOff() throws Exception {
        try (RawSocket raw = connect()) {
            opened.take().close();
            assertThat(raw.restHex()).isEqualTo("880203e8");
        }
        assertThat(end()).isEqualTo(new CloseReason(1006, "", CloseReason.Initiator.LOCAL, false));
    }

    @Test
    void aPausedConnectionThatIsClosedHereEndsAllTheSame() throws Exception {
        try (RawSocket raw = connect()) {
            Connection connection = opened.take();
            connection.pause();
            connection.ping(); // behind the pause
            assertThat(raw.hex(10)).startsWith("8908");
            raw.sayHex("81 82 00000000 6869");
            connection.close();
            assertThat(raw.restHex()).endsWith("880203e8");
        }
        assertThat(end().code()).isEqualTo(1006);
    }

    @Test
    void whatCameBeforeTheFinIsHandedOverAfterAPause() throws Exception {
        try (RawSocket raw = connect()) {
            Connection connection = opened.take();
            connection.pause();
            connection.ping();
            assertThat(raw.hex(10)).startsWith("8908");
            raw.sayHex("81 82 00000000 6869" + CLOSE_1000);
            connection.owner().execute(() -> { });
            connection.resume();
            assertThat(raw.restHex()).isEqualTo("81026869" + "880203e8");
        }
        assertThat(end().isClean()).isTrue();
    }

    @Test
    void aPausedConnectionIsToldOfAResetThoughMessagesWait() throws Exception {
        try (RawSocket raw = connect()) {
            Connection connection = opened.take();
            connection.pause();
            connection.ping(); // behind the pause
            assertThat(raw.hex(10)).startsWith("8908");
            raw.sayHex("81 82 00000000 6869");
            raw.reset();
        }
        assertThat(end()).isEqualTo(LOST);
    }

    @Test
    void aThousandBrokenConnectionsLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 1000; i++) {
            RawSocket raw = connect();
            raw.sayHex(i % 2 == 0 ? "81 85 00000000 6869" : "");
            if (i % 3 == 0) {
                raw.reset();
            } else {
                raw.close();
            }
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(end()).as("end %d", i).isEqualTo(LOST);
        }
        assertThat(server.connectionCount()).isZero();
        assertThat(closeWaits()).isZero();
    }

    /** Sockets of the server in state CLOSE_WAIT (08), as Linux tells. */
    private long closeWaits() throws IOException {
        Path table = Path.of("/proc/net/tcp");
        if (!Files.exists(table)) {
            return 0;
        }
        String local = ":%04X ".formatted(server.port());
        try (Stream<String> lines = Files.lines(table)) {
            return lines.filter(line -> line.substring(0, 20).contains(local) && line.contains(" 08 ")).count();
        }
    }
}
