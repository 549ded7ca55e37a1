package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Limits;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server reports of the ends of connections over TLS and over Unix sockets; {@link CloseReportsTest} does of those over TCP. */
@Tag("slow")
class CloseReportsOverTest {
    private static final String CLOSE_4001 = "88 82 00000000 0fa1";
    private static final int LARGE = 16 << 20;

    private final LinkedBlockingQueue<CloseReport> reports = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private Path directory;
    private WebSocketServer server;

    /** What is below the WebSocket. */
    enum Way { TLS, UNIX }

    /** One that says what a test tells it to; {@code below} is the socket itself. */
    private record Peer(InputStream in, OutputStream out, Closeable whole, Closeable below) implements AutoCloseable {
        Peer say(String hex) throws IOException {
            out.write(HexFormat.of().parseHex(hex.replace(" ", "")));
            out.flush();
            return this;
        }

        String hex(int bytes) throws IOException {
            return HexFormat.of().formatHex(in.readNBytes(bytes));
        }

        @Override
        public void close() throws IOException {
            whole.close();
        }
    }

    private final class Recorder implements Listener {
        @Override
        public void onOpen(Connection connection) {
            opened.add(connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            reports.add(connection.closeReport().orElseThrow());
        }
    }

    @BeforeEach
    void makeRoom() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "duplex"); // the path of a socket must be short
    }

    @AfterEach
    void oneEndOneReport() throws IOException {
        server.close(Duration.ZERO);
        assertThat(reports).isEmpty();
        Files.delete(directory);
    }

    private Peer open(Way way, UnaryOperator<ServerBuilder> settings) throws Exception {
        ServerBuilder builder = settings.apply(WebSocketServer.builder().closeWait(Duration.ofMillis(500)).endpoint("/", opening -> new Recorder()));
        Path socket = directory.resolve("s");
        server = (way == Way.UNIX ? builder.unix(socket.toString()) : builder.host("127.0.0.1").port(0).tls(Tls.selfSigned())).start();
        Peer peer = way == Way.UNIX ? unix(socket) : tls(server.port());
        peer.out.write(RawSocket.opening("/", "").getBytes(StandardCharsets.US_ASCII));
        peer.out.flush();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) peer.in.read());
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return peer;
    }

    private Peer open(Way way) throws Exception {
        return open(way, builder -> builder);
    }

    private static Peer unix(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new Peer(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel, channel);
    }

    private static Peer tls(int port) throws Exception {
        Socket below = new Socket("127.0.0.1", port);
        below.setSoTimeout(20_000);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", port, true);
        return new Peer(socket.getInputStream(), socket.getOutputStream(), socket, () -> {
            below.setSoLinger(true, 0);
            below.close();
        });
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

    @ParameterizedTest
    @EnumSource
    void thePeersClose(Way way) throws Exception {
        try (Peer peer = open(way)) {
            assertThat(peer.say(CLOSE_4001).hex(4)).isEqualTo("88020fa1");
            assertEnd(By.PEER, How.CLOSE_HANDSHAKE, "the peer closed with 4001");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourClose(Way way) throws Exception {
        try (Peer peer = open(way, builder -> builder.closeWait(Duration.ofSeconds(20)))) {
            opened.take().close(4001, "");
            assertThat(peer.hex(4)).isEqualTo("88020fa1");
            peer.say(CLOSE_4001);
            assertEnd(By.US, How.CLOSE_HANDSHAKE, "this end closed with 4001");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseThatNobodyAnswers(Way way) throws Exception {
        try (Peer peer = open(way)) {
            opened.take().close();
            assertThat(peer.hex(4)).isEqualTo("880203e8");
            assertEnd(By.US, How.CLOSE_UNANSWERED, "this end closed, and the peer did not answer");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithoutClose(Way way) throws Exception {
        open(way).close();
        assertEnd(By.PEER, How.FIN, way == Way.TLS ? "the peer ended the connection (FIN, by TLS's close_notify) without Close"
                : "the peer ended the connection (FIN) without Close");
    }

    @Test
    void aResetBelowTls() throws Exception {
        open(Way.TLS).below.close();
        assertEnd(By.PEER, How.RST, "the connection was reset (RST) without Close");
    }

    /** A Unix socket has no RST; who closes one without having read all resets it. */
    @Test
    void aResetOfAUnixSocket() throws Exception {
        Peer peer = open(Way.UNIX);
        opened.take().send("unread").toCompletableFuture().get(20, TimeUnit.SECONDS);
        peer.below.close();
        assertEnd(By.PEER, How.RST, "the connection was reset (RST) without Close");
    }

    @ParameterizedTest
    @EnumSource
    void aRuleBroken(Way way) throws Exception {
        try (Peer peer = open(way)) {
            peer.say("83 80 00000000");
            assertEnd(By.US, How.RULE_BROKEN, "the peer broke a rule: 1002 (protocol error)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageTooLarge(Way way) throws Exception {
        try (Peer peer = open(way, builder -> builder.limits(Limits.defaults().withMaxMessageBytes(1)))) {
            peer.say("82 82 00000000 0000");
            assertEnd(By.US, How.LIMIT, "the peer went beyond a limit of this end: 1009 (message too big)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void missedPongs(Way way) throws Exception {
        try (Peer peer = open(way, builder -> builder.pings(Duration.ofMillis(250), Duration.ofMillis(500)))) {
            assertEnd(By.US, How.MISSED_PONGS, "nothing came for ");
            assertThat(peer.hex(1)).isEqualTo("89");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStalledWrite(Way way) throws Exception {
        Peer peer = open(way, builder -> builder.writeDeadline(Duration.ofMillis(500)).outbound(64 * 1024, 2 * LARGE));
        opened.take().send(new byte[LARGE]);
        assertEnd(By.US, How.WRITE_STALLED, "the peer took nothing");
        peer.below.close();
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotWait(Way way) throws Exception {
        Peer peer = open(way);
        server.close(Duration.ZERO); // the peer does not answer its Close
        assertEnd(By.US, How.ABORTED, "this end ended without waiting");
        peer.below.close();
    }
}
