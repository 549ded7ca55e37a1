package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.OriginPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire before, instead of and around an upgrade. */
class HttpTest {
    /** The frame of "hi", masked with zeros, and its echo. */
    private static final String HI = "81 82 00000000 6869";
    private static final String HI_BACK = "81026869";

    @TempDir
    static Path directory;

    private final AtomicInteger answered = new AtomicInteger();
    private WebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(directory.resolve("site/sub"));
        Files.writeString(directory.resolve("site/index.html"), "<p>home");
        Files.writeString(directory.resolve("site/a b.txt"), "text");
        Files.writeString(directory.resolve("site/.hidden"), "secret");
        Files.writeString(directory.resolve("site/sub/index.html"), "<p>sub");
        Files.writeString(directory.resolve("outside.txt"), "secret");
        if (!Files.exists(directory.resolve("site/link.txt"))) {
            Files.createSymbolicLink(directory.resolve("site/link.txt"), directory.resolve("outside.txt"));
        }
        server = WebSocketServer.builder().host("127.0.0.1").port(0)
                .endpoint("/echo", opening -> new Listener() {
                    @Override
                    public void onMessage(Connection connection, Message message) {
                        connection.send(message);
                    }
                })
                .endpoint("/refused", opening -> {
                    throw new Rejection(401, Headers.of("WWW-Authenticate", "Bearer"), "who are you?");
                })
                .endpoint("/broken", opening -> {
                    throw new IllegalStateException("planted");
                })
                .endpoint("/null", opening -> null)
                .http("/health", query -> {
                    answered.incrementAndGet();
                    return HttpAnswer.json(200, "{\"path\":\"" + query.path() + "\",\"query\":\"" + query.query() + "\"}");
                })
                .http("/bad", query -> {
                    throw new IllegalStateException("planted");
                })
                .files("/", directory.resolve("site"))
                .handshakeDeadline(Duration.ofSeconds(1))
                .writeDeadline(Duration.ofSeconds(1))
                .start();
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(2));
    }

    private String ask(String request) throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            return raw.say(request).restText();
        }
    }

    private String get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    private static int status(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Test
    void framesInTheSegmentOfTheRequestAreNotLost() throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            byte[] opening = RawSocket.opening("/echo", "").getBytes();
            byte[] frame = java.util.HexFormat.of().parseHex(HI.replace(" ", ""));
            byte[] both = java.util.Arrays.copyOf(opening, opening.length + frame.length);
            System.arraycopy(frame, 0, both, opening.length, frame.length);
            raw.say(both);
            assertThat(raw.head()).startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            assertThat(raw.hex(4)).isEqualTo(HI_BACK);
        }
    }

    @Test
    void anOpeningByteByByteOpensToo() throws IOException {
        try (RawSocket raw = new RawSocket(server.port())) {
            for (byte b : RawSocket.opening("/echo", "").getBytes()) {
                raw.say(new byte[] {b});
            }
            assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
            assertThat(raw.sayHex(HI).hex(4)).isEqualTo(HI_BACK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /echo HTTP/1.1|Host: h, 426",
        "GET /echo HTTP/1.1|Host: h|Upgrade: h2c|HTTP2-Settings: AAMAAABkAAQAAP__, 426",
        "GET /nowhere/echo HTTP/1.1|Host: h, 404",
        "GET /health HTTP/1.1|Host: h|Upgrade: h2c|Connection: Upgrade, 200",
        "GET /health HTTP/1.0, 200",
        "GET /health HTTP/1.1, 400",
        "GET /health HTTP/1.1|Host: a|Host: b, 400",
        "GET /health HTTP/1.1|Host: a/b, 400",
        "GET /health HTTP/1.1|Host: u@a, 400",
        "GET /health HTTP/2.0|Host: h, 505",
        "POST /health HTTP/1.1|Host: h|Content-Length: 3, 405",
        "GET /health HTTP/1.1|Host: h|Content-Length: 3, 400",
        "GET /health HTTP/1.1|Host: h|Content-Length: +5, 400",
        "GET /health HTTP/1.1|Host: h|Content-Length: -1, 400",
        "GET /health HTTP/1.1|Host: h|Content-Length: 0|Content-Length: 0, 400",
        "GET /health HTTP/1.1|Host: h|Transfer-Encoding: chunked, 400",
        "GET /health HTTP/1.1|Host: h|Transfer-Encoding: xchunked, 400",
        "POST /health HTTP/1.1|Host: h|Transfer-Encoding: chunked|Content-Length: 3, 400",
        "GET /bad HTTP/1.1|Host: h|Connection: close, 500",
        "GET /%2e%2e/outside.txt HTTP/1.1|Host: h, 400",
        "GET /sub//index.html HTTP/1.1|Host: h, 400",
        "GET /%00 HTTP/1.1|Host: h, 400",
        "nonsense, 400",
        "GET /, 400",
    })
    void everyRequestGetsItsStatusAndTheConnectionEnds(String request, int expected) throws IOException {
        String close = expected == 200 || expected == 404 ? "Connection: close\r\n" : "";
        String answer = ask(request.replace("|", "\r\n") + "\r\n" + close + "\r\n");
        assertThat(status(answer)).isEqualTo(expected);
        assertThat(answer).doesNotContain("RST").doesNotContain("planted").doesNotContain("Exception");
        if (expected == 426) {
            assertThat(answer).contains("\r\nSec-WebSocket-Version: 13\r\n").contains("\r\nUpgrade: websocket\r\n");
        }
        if (expected == 405) {
            assertThat(answer).contains("\r\nAllow: GET, HEAD\r\n");
        }
    }

    @Test
    void aRefusedUpgradeNeverLeadsToASecondRequest() throws IOException {
        String second = "GET /health HTTP/1.1\r\nHost: h\r\n\r\n";
        for (String path : new String[] {"/nowhere", "/refused", "/broken", "/null", "/health"}) {
            String answer = ask(RawSocket.opening(path, "") + second);
            assertThat(status(answer)).isGreaterThanOrEqualTo(400);
            assertThat(answer.toLowerCase()).contains("connection: close");
        }
        assertThat(ask(RawSocket.opening("/echo", "Content-Length: " + second.length() + "\r\n") + second)).startsWith("HTTP/1.1 400 ");
        assertThat(answered).hasValue(0);
    }

    @Test
    void anEndpointMayRefuseWithAnyStatus() throws IOException {
        assertThat(ask(RawSocket.opening("/refused", "")))
                .startsWith("HTTP/1.1 401 Unauthorized\r\n")
                .contains("\r\nWWW-Authenticate: Bearer\r\n")
                .endsWith("\r\n\r\nwho are you?");
    }

    @Test
    void foreignPagesMayNotConnectUnlessAllowed() throws IOException {
        assertThat(status(ask(RawSocket.opening("/echo", "Origin: https://evil.example\r\n")))).isEqualTo(403);
        assertThat(status(ask(RawSocket.opening("/echo", "Origin: null\r\n")))).isEqualTo(403);
        try (RawSocket raw = new RawSocket(server.port())) {
            assertThat(raw.say(RawSocket.opening("/echo", "Origin: http://localhost\r\n")).head()).startsWith("HTTP/1.1 101 ");
        }
        try (WebSocketServer open = WebSocketServer.builder().host("127.0.0.1").port(0)
                        .origins(OriginPolicy.allowing("https://app.example"))
                        .endpoint("/", Endpoint.conversation(c -> {})).start();
                RawSocket raw = new RawSocket(open.port())) {
            assertThat(raw.say(RawSocket.opening("/", "Origin: https://app.example\r\n")).head()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void aHostThatIsNotServedIsMisdirected() throws IOException {
        try (WebSocketServer named = WebSocketServer.builder().host("127.0.0.1").port(0).hosts("app.example")
                        .http("/", query -> HttpAnswer.text(200, "x")).endpoint("/ws", Endpoint.conversation(c -> {})).start();
                RawSocket right = new RawSocket(named.port());
                RawSocket wrong = new RawSocket(named.port());
                RawSocket wrongToo = new RawSocket(named.port())) {
            assertThat(right.say("GET / HTTP/1.1\r\nHost: App.Example:80\r\n\r\n").head()).startsWith("HTTP/1.1 200 ");
            assertThat(wrong.say("GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n").head()).startsWith("HTTP/1.1 421 ");
            assertThat(wrongToo.say(RawSocket.opening("/ws", "")).head()).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void requestsThatFollowOneAnotherAreAnsweredInOrder() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            many.append("GET /health?").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
        }
        String answers = ask(many + "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        int at = 0;
        for (int i = 0; i < 20; i++) {
            at = answers.indexOf("\"query\":\"" + i + "\"", at);
            assertThat(at).isPositive();
        }
        assertThat(answered).hasValue(21);
    }

    @Test
    void whoeverPipelinesWithoutReadingIsNotReadAndThenDropped() throws Exception {
        byte[] request = "GET /health HTTP/1.1\r\nHost: h\r\n\r\n".repeat(1000).getBytes();
        long sent = 0;
        try (RawSocket raw = new RawSocket(server.port())) {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (System.nanoTime() < end) {
                raw.say(request);
                sent += request.length;
            }
            assertThat(sent).as("the server went on reading").isNegative();
        } catch (java.net.SocketException dropped) {
            assertThat(sent).isPositive();
        }
    }

    @Test
    void silentAndSlowRequestsEndAtTheDeadline() throws IOException {
        assertThat(ask("")).isEmpty();
        assertThat(ask("GET / HT")).startsWith("HTTP/1.1 408 ");
        assertThat(ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void filesAreServedWithTypeAndTag() throws IOException {
        String home = get("/");
        assertThat(home).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
                .contains("\r\nX-Content-Type-Options: nosniff\r\n").contains("\r\nContent-Length: 7\r\n").endsWith("\r\n\r\n<p>home");
        String tag = home.substring(home.indexOf("ETag: ") + 6, home.indexOf("\r\n", home.indexOf("ETag: ")));
        assertThat(ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nIf-None-Match: \"x\", W/" + tag + "\r\n\r\n"))
                .startsWith("HTTP/1.1 304 Not Modified\r\n").contains("ETag: " + tag).endsWith("\r\n\r\n");
        assertThat(ask("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nContent-Length: 7\r\n").endsWith("\r\n\r\n");
        assertThat(get("/a%20b.txt")).contains("text/plain").endsWith("\r\n\r\ntext");
        assertThat(get("/sub/")).endsWith("<p>sub");
        assertThat(get("/sub")).startsWith("HTTP/1.1 308 ").contains("\r\nLocation: sub/\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.hidden", "/link.txt", "/outside.txt", "/..%5Coutside.txt", "/nothing", "/index.html/", "/sub/.."})
    void nothingOutsideNorHiddenIsServed(String target) throws IOException {
        assertThat(get(target)).doesNotContain("secret");
        assertThat(status(get(target))).isBetween(400, 404);
    }

    @Test
    void aLargeFileArrivesWhole() throws IOException {
        byte[] large = new byte[5_000_000];
        java.util.Arrays.fill(large, (byte) 'x');
        Files.write(directory.resolve("site/large.bin"), large);
        String answer = get("/large.bin");
        assertThat(answer.length() - answer.indexOf("\r\n\r\n") - 4).isEqualTo(large.length);
    }

    @Test
    void aFullServerSays503AtOnce() throws IOException {
        try (WebSocketServer small = WebSocketServer.builder().host("127.0.0.1").port(0).maxConnections(1)
                        .endpoint("/", Endpoint.conversation(c -> c.receive())).start();
                RawSocket first = new RawSocket(small.port()).open("/");
                RawSocket second = new RawSocket(small.port())) {
            assertThat(second.restText()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: ");
            assertThat(first.sayHex("89 80 00000000").hex(2)).isEqualTo("8a00");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u0016\u0003\u0001\u0000\u0010\u0001\u00ff\u00ff\u00ff\u0003\u0003AAAAAAAAAA", // a ClientHello that announces 16 MiB
    })
    void noiseOnATlsPortEndsTheConnectionAlone(String noise) throws IOException {
        try (WebSocketServer secure = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned())
                        .endpoint("/", Endpoint.conversation(c -> c.send("hello")))
                        .handshakeDeadline(Duration.ofSeconds(5)).start();
                RawSocket raw = new RawSocket(secure.port());
                WebSocketClient client = WebSocketClient.builder().insecure().build()) {
            assertThat(raw.say(noise).rest().length).isLessThan(100);
            assertThat(client.converse(URI.create("wss://127.0.0.1:" + secure.port() + "/")).receive().text()).isEqualTo("hello");
        }
    }

    @Test
    void aPortInUseIsSaidInOneLine() {
        assertThatThrownBy(() -> WebSocketServer.builder().host("127.0.0.1").port(server.port()).start())
                .isInstanceOf(StartException.class)
                .hasMessage("port " + server.port() + " on 127.0.0.1 is in use");
        assertThatThrownBy(() -> WebSocketServer.builder().host("no.such.host.invalid").port(0).start())
                .isInstanceOf(StartException.class)
                .hasMessage("host no.such.host.invalid is unknown");
    }

    @Test
    void anAnswerCannotForgeATunnelOrASecondHeader() {
        assertThatThrownBy(() -> HttpAnswer.text(101, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpAnswer.text(200, "").with("Upgrade", "websocket")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpAnswer.text(200, "").with("A", "b\r\nC: d")).isInstanceOf(IllegalArgumentException.class);
    }
}
