package dev.duplex.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several WebSockets over one connection of HTTP/2. */
class Http2StreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** More than the windows and buffers on the way hold. */
    private static final int FLOOD_BYTES = 8 << 20;

    private final LinkedBlockingQueue<Connection> stopped = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private WebSocketServer server;
    private WebSocketClient client;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .endpoint("/echo", opening -> new Echo())
                .endpoint("/stopped", opening -> new Stopped())
                .start();
        client = WebSocketClient.builder().http2().build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close(Duration.ofSeconds(3));
        assertThat(server.heldBytes()).isZero();
    }

    private static final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }
    }

    /** Sends whatever the server makes of it. */
    private static final class Patient implements Listener {
        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }

    /** Reads nothing, from its first moment. */
    private final class Stopped implements Listener {
        @Override
        public void onOpen(Connection connection) {
            connection.pause();
            stopped.add(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            ends.add(CloseReason.of(4000, String.valueOf(message.byteLength())));
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            ends.add(reason);
        }
    }

    private URI at(String path) {
        return URI.create("ws://127.0.0.1:" + server.port() + path);
    }

    private Connection open(String path) throws Exception {
        return client.open(at(path), new Patient()).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void assertEchoes(Conversation talk) throws Exception {
        for (int i = 0; i < 20; i++) {
            talk.send("neighbour " + i);
            assertThat(talk.receive(PATIENCE).text()).isEqualTo("neighbour " + i);
        }
    }

    @Test
    void aStoppedStreamHoldsItsWindowAndItsNeighboursGoOn() throws Exception {
        try (Conversation neighbour = client.converse(at("/echo"))) {
            Connection flooding = open("/stopped");
            for (int sent = 0; sent < FLOOD_BYTES; sent += 1 << 16) {
                flooding.send(new byte[1 << 16]);
            }
            Connection reader = stopped.poll(20, TimeUnit.SECONDS);
            assertEchoes(neighbour);
            assertThat(flooding.bufferedBytes()).isGreaterThan(FLOOD_BYTES - (1 << 20));
            assertThat(server.heldBytes()).isLessThan(1 << 20);
            reader.resume();
            for (int i = 0; i < FLOOD_BYTES >> 16; i++) {
                assertThat(ends.poll(20, TimeUnit.SECONDS).text()).isEqualTo("65536");
            }
            assertThat(neighbour.opening().carrier()).isEqualTo(Carrier.HTTP_2);
            assertThat(flooding.opening().carrier()).isEqualTo(Carrier.HTTP_2);
        }
    }

    @Test
    void allOfAClientsWebSocketsShareOneConnection() throws Exception {
        try (Conversation first = client.converse(at("/echo")); Conversation second = client.converse(at("/echo"))) {
            assertEchoes(first);
            assertEchoes(second);
            assertThat(server.connectionCount()).isEqualTo(2);
            assertThat(server.heldBytes()).isLessThan(MemoryBudget.HTTP2_BYTES + 4 * MemoryBudget.CONNECTION_BYTES);
        }
    }

    @Test
    void aDrainedServerIsNotAskedForAnotherStream() throws Exception {
        try (Conversation before = client.converse(at("/echo"))) {
            server.close(Duration.ofSeconds(5));
            assertThatThrownBy(before::receive).isInstanceOf(ClosedException.class);
            assertThat(before.closeReason().code()).isEqualTo(1001);
        }
        assertThatThrownBy(() -> client.converse(at("/echo"))).isInstanceOf(ConnectFailedException.class).hasMessageContaining("refused");
    }

    @Test
    void aRefusalTellsItsStatusAndItsSentence() {
        assertThatThrownBy(() -> client.converse(at("/nothing"))).isInstanceOf(ConnectFailedException.class)
                .hasMessageContaining("404 instead of 200: there is no WebSocket here");
    }

    @Test
    void tlsChoosesWhatTheClientAsksFor() throws Exception {
        try (WebSocketServer old = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned())
                .endpoint("/echo", opening -> new Echo()).start();
                WebSocketClient modern = WebSocketClient.builder().http2().insecure().build();
                WebSocketClient plain = WebSocketClient.builder().insecure().build()) {
            URI uri = URI.create("wss://127.0.0.1:" + old.port() + "/echo");
            try (Conversation over2 = modern.converse(uri); Conversation over1 = plain.converse(uri)) {
                assertThat(over2.opening().carrier()).isEqualTo(Carrier.HTTP_2);
                assertThat(over1.opening().carrier()).isEqualTo(Carrier.HTTP_1_1);
                assertEchoes(over2);
                assertEchoes(over1);
            }
        }
    }

    @Test
    void moreThanAHundredNeedAnotherConnection() throws Exception {
        List<Conversation> all = new ArrayList<>();
        for (int i = 0; i <= Http2Builder.MAX_STREAMS; i++) {
            all.add(client.converse(at("/echo")));
        }
        assertEchoes(all.getFirst());
        assertEchoes(all.getLast());
        assertThat(server.connectionCount()).isEqualTo(Http2Builder.MAX_STREAMS + 1);
        all.forEach(Conversation::close);
    }

    @Test
    void aServerThatDoesNotSpeakItOverTlsIsSpokenToInHttp11() throws Exception {
        try (SSLServerSocket old = (SSLServerSocket) Tls.selfSigned().sslContext().getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebSocketClient modern = WebSocketClient.builder().http2().insecure().build()) {
            Thread.ofVirtual().start(() -> handOn(old));
            try (Conversation talk = modern.converse(URI.create("wss://127.0.0.1:" + old.getLocalPort() + "/echo"))) {
                assertThat(talk.opening().carrier()).isEqualTo(Carrier.HTTP_1_1);
                assertEchoes(talk);
            }
        }
    }

    /** Takes the TLS off, as something in front of a server does that knows nothing of HTTP/2. */
    private void handOn(SSLServerSocket front) {
        try (Socket peer = front.accept(); Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Thread back = Thread.ofVirtual().start(() -> copy(behind, peer));
            copy(peer, behind);
            back.join();
        } catch (IOException | InterruptedException theTestIsOver) {
            return;
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException theTestIsOver) {
            return;
        }
    }

    @Test
    void aServerOfAnotherKindIsNamed() throws Exception {
        try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(old, "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII)));
            assertThatThrownBy(() -> client.converse(URI.create("ws://127.0.0.1:" + old.getLocalPort() + "/")))
                    .isInstanceOf(ConnectFailedException.class).hasMessageEndingWith("ended the connection without a word of HTTP/2");
        }
    }

    @Test
    void aServerThatOpensNoWebSocketsOverHttp2IsNamed() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(plain, HexFormat.of().parseHex("000000040000000000")));
            assertThatThrownBy(() -> client.converse(URI.create("ws://127.0.0.1:" + plain.getLocalPort() + "/")))
                    .isInstanceOf(ConnectFailedException.class).hasMessageContaining("its settings lack ENABLE_CONNECT_PROTOCOL");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000080600000000000000000000000000", "000000040000000000", "00000403000000000100000008", "0000015a00000000ff00"})
    void aServerThatFloodsItsClientIsLeft(String frame) throws Exception {
        try (ServerSocket hostile = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> answer(hostile,
                    HexFormat.of().parseHex("000006040000000000" + "000800000001" + frame.repeat(2_000))), task -> Thread.ofVirtual().start(task));
            assertThatThrownBy(() -> client.converse(URI.create("ws://127.0.0.1:" + hostile.getLocalPort() + "/"))).isInstanceOf(ConnectFailedException.class);
            assertThat(heard.get(20, TimeUnit.SECONDS)).asHexString().as("GOAWAY with ENHANCE_YOUR_CALM").endsWith("0000080700000000000000000" + "00000000B");
        }
    }

    @Test
    void theGoodByeToABrokenServerArrivesThoughItStillSends() throws Exception {
        try (ServerSocket hostile = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> answer(hostile,
                    HexFormat.of().parseHex("000006040000000000" + "000800000001" + "00000100000000000000".repeat(20_000))), task -> Thread.ofVirtual().start(task));
            assertThatThrownBy(() -> client.converse(URI.create("ws://127.0.0.1:" + hostile.getLocalPort() + "/"))).isInstanceOf(ConnectFailedException.class);
            assertThat(heard.get(20, TimeUnit.SECONDS)).asHexString().as("GOAWAY with PROTOCOL_ERROR, and FIN").endsWith("0000080700000000000000000000000001");
        }
    }

    /** Says one thing, and listens to the end. @return what was heard */
    private static byte[] answer(ServerSocket server, byte[] words) {
        try (Socket peer = server.accept()) {
            peer.getOutputStream().write(words);
            return peer.getInputStream().readAllBytes();
        } catch (IOException theTestIsOver) {
            return new byte[0];
        }
    }
}
