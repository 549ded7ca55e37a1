package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of docs/limits.md that a single peer meets within seconds, at a server that was started without any configuration. */
@Timeout(60)
class DefaultLimitsTest {
    private static final Path DOCS = Path.of("").toAbsolutePath().resolveSibling("docs");
    private static final BlockingQueue<HttpExchange> ASKED = new LinkedBlockingQueue<>();
    private static WebSocketServer server;

    @BeforeAll
    static void aServerWithoutConfiguration() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback()).endpoint("/echo", opening -> new Echo())
                .service("/later", ASKED::add).start();
    }

    @AfterAll
    static void ends() {
        server.close();
    }

    private static final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }
    }

    private static RawSocket connect() throws IOException {
        return new RawSocket(server.port());
    }

    private static String answerTo(String request) throws IOException {
        try (RawSocket raw = connect()) {
            return raw.say(request).head();
        }
    }

    /** The code of the Close that some frames on a new connection end in. */
    private static int closeCodeFor(byte[]... frames) throws IOException {
        try (RawSocket raw = connect().open("/echo").say(Frames.join(frames))) {
            return Frames.closeCode(raw);
        }
    }

    /** Says some frames on a new connection, which must answer with so many messages, and gives their bytes together. */
    private static long echoedBytes(int messages, byte[]... frames) throws IOException {
        try (RawSocket raw = connect().open("/echo").say(Frames.join(frames))) {
            long bytes = 0;
            for (int i = 0; i < messages; i++) {
                bytes += nextMessage(raw).payload().length;
            }
            return bytes;
        }
    }

    /** The next message, which no Close or FIN may come before; Pings and Pongs may. */
    private static Frames.Frame nextMessage(RawSocket raw) throws IOException {
        Frames.Frame frame = Frames.read(raw);
        while (frame != null && frame.opcode() > 8) {
            frame = Frames.read(raw);
        }
        assertThat(frame).as("a message, and not the end").isNotNull();
        assertThat(frame.opcode()).as("opcode of a message").isBetween(1, 2);
        return frame;
    }

    /** The default that docs/limits.md tells. */
    static String told(String what) throws IOException {
        String row = "| " + what + " | ";
        String page = Files.readString(DOCS.resolve("limits.md"));
        assertThat(page).contains("\n" + row);
        String cells = page.substring(page.indexOf("\n" + row) + 1 + row.length());
        return cells.substring(0, cells.indexOf(" | "));
    }

    /** A row whose default no test asks for, nor tells, is one that nobody has compared with the code. */
    @Test
    void everyRowOfThePageIsComparedByATest() throws IOException {
        StringBuilder tests = new StringBuilder();
        for (String test : List.of("netty/src/test/java/dev/duplex/netty/DefaultsTest.java", "fallback/src/test/java/dev/duplex/fallback/DefaultsTest.java",
                "api/src/test/java/dev/duplex/api/ConversationTest.java", "attacks/src/test/java/dev/duplex/attacks/FramingAttackTest.java",
                "attacks/src/test/java/dev/duplex/attacks/DefaultLimitsTest.java")) {
            tests.append(Files.readString(DOCS.resolveSibling(test)));
        }
        String page = Files.readString(DOCS.resolve("limits.md"));
        List<String> rows = page.substring(0, page.indexOf("## Memory")).lines().filter(line -> line.startsWith("| ") && !line.startsWith("| what "))
                .map(line -> line.substring(2, line.indexOf(" | "))).toList();
        assertThat(rows).hasSizeGreaterThan(60).doesNotHaveDuplicates().allMatch(row ->
                Pattern.compile("([tT]old\\(|\"\\| \" \\+)\\s*" + Pattern.quote("\"" + row + "\"")).matcher(tests).find());
    }

    // The opening

    @Test
    void aRequestLineHas8KiB() throws IOException {
        String fits = "GET /echo?" + "x".repeat(8192 - "GET /echo? HTTP/1.1".length()) + " HTTP/1.1\r\n";
        assertThat(answerTo(fits + RawSocket.opening("/", "").substring("GET / HTTP/1.1\r\n".length()))).startsWith("HTTP/1.1 101 ");
        assertThat(answerTo(fits.replace("?", "?x"))).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void aHeaderHas8KiB() throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "X: " + "x".repeat(8192 - 3) + "\r\n"))).startsWith("HTTP/1.1 101 ");
        assertThat(answerTo(RawSocket.opening("/echo", "X: " + "x".repeat(8192 - 2) + "\r\n"))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void allHeadersHave16KiB() throws IOException {
        String half = "X: " + "x".repeat(7900) + "\r\n";
        assertThat(answerTo(RawSocket.opening("/echo", half + half))).startsWith("HTTP/1.1 101 ");
        assertThat(answerTo(RawSocket.opening("/echo", half + half + "Y: " + "y".repeat(600) + "\r\n"))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void thereAre100Headers() throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "X: x\r\n".repeat(95)))).startsWith("HTTP/1.1 101 ");
        assertThat(answerTo(RawSocket.opening("/echo", "X: x\r\n".repeat(96)))).startsWith("HTTP/1.1 431 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"})
    void anUpgradeHasNoBody(String header) throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", header))).startsWith("HTTP/1.1 400 ");
        assertThat(told("body of a request")).isEqualTo("none");
    }

    @Test
    void anOpeningHas10Seconds() throws IOException {
        try (RawSocket silent = connect(); RawSocket begun = connect().say("GET /echo HTTP/1.1\r\nHost: ")) {
            silent.socket().setSoTimeout(40_000);
            long start = System.nanoTime();
            assertThat(silent.restText()).isEmpty();
            assertThat(begun.restText()).startsWith("HTTP/1.1 408 ");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(8000);
        }
    }

    /** The second is not even read before the first has its answer. */
    @Test
    void thereIsOneRequestAtATime() throws Exception {
        String request = "GET /later HTTP/1.1\r\nHost: h\r\n\r\n";
        try (RawSocket raw = connect().say(request + request + request)) {
            for (int i = 0; i < 3; i++) {
                HttpExchange asked = ASKED.poll(20, TimeUnit.SECONDS);
                assertThat(asked).as("request %d", i).isNotNull();
                CountDownLatch isQuiet = new CountDownLatch(1);
                asked.loop().execute(isQuiet::countDown); // behind what is being read
                assertThat(isQuiet.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(ASKED).isEmpty();
                asked.answer(HttpAnswer.text(200, "answer " + i));
                assertThat(raw.answered()).isEqualTo("answer " + i);
            }
        }
        assertThat(told("requests at a time")).isEqualTo("1");
    }

    @Test
    void anyHostIsServed() throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "").replace("Host: localhost", "Host: whatever.example:99"))).startsWith("HTTP/1.1 101 ");
        assertThat(told("`hosts`")).isEqualTo("any");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://localhost:1", "https://localhost", "null"})
    void onlyPagesOfTheSameOriginMayConnectOnLocalhostToo(String origin) throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "Origin: " + origin + "\r\n"))).startsWith("HTTP/1.1 403 ");
        assertThat(answerTo(RawSocket.opening("/echo", "Origin: http://localhost\r\n"))).startsWith("HTTP/1.1 101 ");
        assertThat(told("`origins`")).isEqualTo("same origin");
    }

    @Test
    void compressionIsOff() throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "Sec-WebSocket-Extensions: permessage-deflate\r\n")))
                .startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
    }

    @Test
    void noHeaderOfAProxyIsBelieved() throws IOException {
        assertThat(answerTo("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(answerTo(RawSocket.opening("/echo", "Origin: https://a\r\nX-Forwarded-Host: a\r\nX-Forwarded-Proto: https\r\n")))
                .startsWith("HTTP/1.1 403 ");
    }

    // Messages

    @Test
    void aMessageHas1MiB() throws IOException {
        assertThat(echoedBytes(1, Frames.masked(0x82, new byte[1 << 20]))).isEqualTo(1 << 20);
        assertThat(closeCodeFor(Frames.masked(0x82, new byte[(1 << 20) + 1]))).isEqualTo(1009);
        assertThat(closeCodeFor(Frames.masked(0x02, new byte[1 << 20]), Frames.masked(0x80, new byte[1]))).isEqualTo(1009);
    }

    @Test
    void aMessageHas1024FragmentsEmptyOnesCounted() throws IOException {
        byte[] empty = Frames.masked(0x00, new byte[0]);
        byte[] first = Frames.masked(0x02, new byte[0]);
        assertThat(echoedBytes(1, first, Frames.repeat(empty, 1022), Frames.masked(0x80, new byte[0]))).isZero();
        assertThat(closeCodeFor(first, Frames.repeat(empty, 1023), Frames.masked(0x80, new byte[0]))).isEqualTo(1008);
    }

    @Test
    void aMebibyteInFragmentsOf64BytesIsNotTooMany() throws IOException {
        byte[] piece = Frames.masked(0x00, new byte[64]);
        assertThat(echoedBytes(1, Frames.masked(0x02, new byte[64]), Frames.repeat(piece, (1 << 20) / 64 - 1), Frames.masked(0x80, new byte[0])))
                .isEqualTo(1 << 20);
    }

    /** A message follows each Ping, so that the echoes before the Close tell how many were let through. */
    @Test
    void aHundredPingsMayComeAtOnceAnd20MoreEachSecond() throws IOException {
        byte[] pingAndMessage = Frames.join(Frames.masked(0x89, new byte[0]), Frames.masked(0x81, new byte[0]));
        try (RawSocket raw = connect().open("/echo")) {
            long start = System.nanoTime();
            raw.say(Frames.repeat(pingAndMessage, 2000));
            int echoes = 0;
            Frames.Frame frame = Frames.read(raw);
            for (; frame != null && frame.opcode() != 8; frame = Frames.read(raw)) {
                echoes += frame.opcode() == 1 ? 1 : 0;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(frame).as("a Close").isNotNull();
            assertThat(frame.closeCode()).isEqualTo(1008);
            assertThat(echoes).isBetween(100, 100 + (int) (20 * seconds) + 1);
        }
    }

    @Test
    void messagesComeAsFastAsTheyMay() throws IOException {
        assertThat(echoedBytes(5000, Frames.repeat(Frames.masked(0x81, new byte[1]), 5000))).isEqualTo(5000);
    }

    // Over HTTP/2

    private static Http2Peer http2() throws IOException {
        return new Http2Peer(connect(), new byte[0]);
    }

    private static Http2Peer.Frame answerTo(Http2Peer peer, int stream, String... more) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(Http2Peer.connect("/echo"));
        block.writeBytes(Http2Peer.fields(more));
        return peer.send(Http2Peer.HEADERS, Http2Peer.END_HEADERS, stream, block.toByteArray()).awaitOn(stream, Http2Peer.HEADERS, Http2Peer.RST_STREAM);
    }

    private static String[] fields(int count) {
        return Collections.nCopies(2 * count, "x").toArray(String[]::new);
    }

    /** Beside the one of its version a WebSocket has a host. */
    @Test
    void headersOverHttp2AreThoseOverHttp1() throws IOException {
        try (Http2Peer peer = http2()) {
            assertThat(peer.status(answerTo(peer, 1, fields(95)))).isEqualTo(200);
            assertThat(peer.status(answerTo(peer, 3, fields(101)))).isEqualTo(431);
        }
        assertThat(told("all headers, number of headers")).isEqualTo("as over HTTP/1.1");
    }

    @Test
    void aConnectionOfHttp2WithoutAStreamHas10Seconds() throws IOException {
        RawSocket raw = connect();
        raw.socket().setSoTimeout(40_000);
        long start = System.nanoTime();
        try (Http2Peer idle = new Http2Peer(raw, new byte[0])) {
            assertThat(idle.goAway()).isZero();
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(8000);
        assertThat(told("without any stream")).isEqualTo("`handshakeDeadline`");
    }

    // The server

    @Test
    void noAddressIsLimited() throws IOException {
        List<RawSocket> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(connect().open("/echo"));
        }
        for (RawSocket raw : all) {
            raw.close();
        }
    }

    /** The body is one message; the answer is the number of the byte that is wanted next. */
    @Test
    void aPostOfTheFallbackHas1000000Bytes() throws IOException {
        byte[] body = Frames.masked(0x82, new byte[1_000_000 - 14]);
        assertThat(body).hasSize(1_000_000);
        try (RawSocket raw = connect()) {
            String session = raw.say(post("open&duplex-as=long", 0)).answered().split("\n")[0];
            assertThat(raw.say(post(session + "&duplex-at=0&duplex-ack=0", body.length)).say(body).answered().strip()).isEqualTo("1000000");
            assertThat(raw.say(post(session + "&duplex-at=1000000&duplex-ack=0", body.length + 1)).head()).startsWith("HTTP/1.1 413 ");
        }
    }

    private static String post(String session, int length) {
        return "POST /echo?duplex=" + session + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
