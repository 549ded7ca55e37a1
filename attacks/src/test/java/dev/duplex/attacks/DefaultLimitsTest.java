package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of docs/limits.md that a single peer meets within seconds, at a server that was started without any configuration. */
@Timeout(60)
class DefaultLimitsTest {
    private static WebSocketServer server;

    @BeforeAll
    static void aServerWithoutConfiguration() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback()).endpoint("/echo", opening -> new Echo()).start();
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

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://localhost:1", "https://localhost", "null"})
    void onlyPagesOfTheSameOriginMayConnectOnLocalhostToo(String origin) throws IOException {
        assertThat(answerTo(RawSocket.opening("/echo", "Origin: " + origin + "\r\n"))).startsWith("HTTP/1.1 403 ");
        assertThat(answerTo(RawSocket.opening("/echo", "Origin: http://localhost\r\n"))).startsWith("HTTP/1.1 101 ");
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
