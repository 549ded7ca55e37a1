package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.netty.HttpAnswer;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: heads that are too large, too slow, or that two readers would read in two ways. */
class HeadRowsTest {
    private static final String SMUGGLED = "GET /count HTTP/1.1\r\nHost: h\r\n\r\n";

    private final AtomicInteger counted = new AtomicInteger();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .http("/count", query -> HttpAnswer.text(200, "" + counted.incrementAndGet()))
            .http("/large", query -> HttpAnswer.text(200, "x".repeat(counted.incrementAndGet() > 0 ? 32 * 1024 : 0)))
            .writeDeadline(Duration.ofSeconds(1)));

    /** One answer with this status, then the end, and nothing that was smuggled has been read. */
    private void assertRefused(int status, String request) throws IOException {
        String answer = target.ask(request);
        assertThat(answer).as(request).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close")
                .containsOnlyOnce("\r\nDate: ").doesNotContain("RST");
        assertThat(counted).as(request).hasValue(0);
    }

    private static String numbered(int headers) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < headers; i++) {
            lines.append("X-").append(i).append(": y\r\n");
        }
        return lines.toString();
    }

    @Test
    @Row("A8")
    void a8TheHundredAndFirstHeaderIsRefused() throws IOException {
        assertRefused(431, RawSocket.opening("/echo", numbered(2000)));
        assertRefused(431, RawSocket.opening("/echo", numbered(96)));
        try (RawSocket raw = target.connect()) {
            assertThat(raw.say(RawSocket.opening("/echo", numbered(95))).head()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    @Row("A9")
    void a9LargeHeadsAreRefusedAt8KiBHoweverTheyCome() throws IOException {
        assertRefused(431, "GET /echo HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(1 << 20));
        assertRefused(414, "GET /" + "a".repeat(64 * 1024));
        assertRefused(431, "GET /echo HTTP/1.1\r\nHost: h\r\n" + ("X: " + "a".repeat(6000) + "\r\n").repeat(3));
        for (String begin : List.of("GET /echo HTTP/1.1\r\nX: ", "GET /")) {
            Duration before = LoopCpu.used();
            try (RawSocket raw = target.connect()) {
                raw.say(begin);
                byteByByte(raw, 8300);
                assertThat(raw.restText()).matches("(?s)HTTP/1.1 4(31|14) .*");
            }
            assertThat(LoopCpu.used().minus(before)).as("20 µs for each of 8,300 reads").isLessThan(Duration.ofNanos(8300 * 20_000));
        }
    }

    private static void byteByByte(RawSocket raw, int count) throws IOException {
        byte[] one = {'a'};
        try {
            for (int i = 0; i < count; i++) {
                raw.say(one);
            }
        } catch (SocketException refusedAlready) {
            assertThat(count).isGreaterThan(8192);
        }
    }

    @Test
    @Row("A15")
    void a15AnUpgradeHasNoBody() throws IOException {
        assertRefused(400, RawSocket.opening("/echo", "Content-Length: " + SMUGGLED.length() + "\r\n") + SMUGGLED);
        assertRefused(400, RawSocket.opening("/echo", "Transfer-Encoding: chunked\r\n")
                + Integer.toHexString(SMUGGLED.length()) + "\r\n" + SMUGGLED + "\r\n0\r\n\r\n");
        assertRefused(400, RawSocket.opening("/echo", "Content-Length: 999999999\r\n") + "x".repeat(100_000));
        assertRefused(400, RawSocket.opening("/echo", "Transfer-Encoding: identity\r\n") + SMUGGLED);
        assertRefused(400, RawSocket.opening("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n"));
    }

    @Test
    @Row("A16")
    void a16TwoLengthsAreNone() throws IOException {
        for (String lengths : List.of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0\r\nContent-Length: 0\r\n",
                "Content-Length: 0\r\nContent-Length: 33\r\n", "Content-Length: +5\r\n", "Content-Length: -1\r\n", "Content-Length: 0x5\r\n",
                "Content-Length: 0, 0\r\n", "Content-Length: 5 5\r\n", "Content-Length:\r\n", "Content-Length: 9999999999999999999999\r\n")) {
            assertRefused(400, RawSocket.opening("/echo", lengths) + SMUGGLED);
            for (String method : List.of("GET", "HEAD", "POST")) {
                assertRefused(400, method + " /echo HTTP/1.1\r\nHost: h\r\n" + lengths + "\r\n" + SMUGGLED);
                assertRefused(400, method + " /echo HTTP/1.0\r\nHost: h\r\n" + lengths + "\r\n" + SMUGGLED);
            }
        }
    }

    @Test
    @Row("A17")
    void a17NoDisguiseHidesATransferEncoding() throws IOException {
        for (String coded : List.of("Transfer-Encoding : chunked\r\n", " Transfer-Encoding: chunked\r\n", "\tTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "transfer-encoding: CHUNKED\r\n", "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding:\r\n",
                "Transfer-Encoding\u00a0: chunked\r\n", "X: y\r\n\tTransfer-Encoding: chunked\r\n", "Transfer-Encoding: \u000bchunked\r\n")) {
            assertRefused(400, RawSocket.opening("/echo", coded) + "0\r\n\r\n" + SMUGGLED);
            assertRefused(400, "GET /echo HTTP/1.1\r\nHost: h\r\n" + coded + "\r\n0\r\n\r\n" + SMUGGLED);
        }
    }

    @Test
    @Row("A18")
    void a18LinesEndInOneWayAlone() throws IOException {
        for (String bad : List.of("no colon\r\n", "X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X: a\nY: b\r\n", "X: a\rY: b\r\n", "X: a\0b\r\n",
                ": empty\r\n", "X Y: a\r\n", "X\t: a\r\n", "X: a\u007f\r\n", "X: \u001b[2J\r\n", "X\u00e9: a\r\n", "X: a\r\r\n", "\n")) {
            assertRefused(400, RawSocket.opening("/echo", bad) + SMUGGLED);
            assertRefused(400, "GET /echo HTTP/1.1\r\nHost: h\r\n" + bad + "\r\n" + SMUGGLED);
        }
        assertRefused(400, RawSocket.opening("/echo", "").replace("\r\n", "\n") + SMUGGLED);
    }

    @Test
    @Row("A19")
    void a19NoBodyIsReadSoNoChunkCanLie() throws IOException {
        for (String chunks : List.of("ffffffffffffffff1\r\n", "-1\r\n", "0x5\r\nhello\r\n", "5;a=\"\r\n\"\r\nhello\r\n", "5\nhello\n0\n\n",
                "0\r\nTrailer: x\r\n\r\n", "0\r\n\r\n")) {
            assertRefused(405, "POST /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
            assertRefused(400, "GET /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        }
        assertRefused(405, "POST /count HTTP/1.1\r\nHost: h\r\nContent-Length: 33\r\n\r\n" + SMUGGLED);
    }

    @Test
    @Row("A20")
    void a20NothingButOneEmptyLineComesBeforeARequest() throws IOException {
        for (String before : List.of("\0", "\u0001", "\u001b", "\u007f", "\r\n\r\n", "\n", "\r", " ", "\t", "\0".repeat(1000), "\ufeff", "\u00ef\u00bb\u00bf")) {
            assertRefused(400, before + SMUGGLED);
            assertRefused(400, before + RawSocket.opening("/echo", ""));
        }
    }

    @Test
    @Load
    @Row("A21")
    void a21WhoPipelinesWithoutReadingIsNotReadAndThenDropped() throws Exception {
        counted.set(0);
        byte[] requests = SMUGGLED.replace("count", "large").repeat(1000).getBytes();
        long before = Memory.directBytes();
        long most = 0;
        long sent = 0;
        try (RawSocket raw = target.connectWithWindow(16 * 1024)) {
            for (int i = 0; i < 100_000; i++) {
                raw.say(requests);
                sent += requests.length;
                most = Math.max(most, Memory.directBytes() - before);
            }
            assertThat(sent).as("the server goes on reading").isNegative();
        } catch (SocketException dropped) {
            assertThat(sent).isPositive();
        }
        assertThat(most).as("bytes held").isLessThan(1 << 20);
        assertThat(counted.get()).as("answered of %d", sent / 33).isLessThan(1000);
    }
}
