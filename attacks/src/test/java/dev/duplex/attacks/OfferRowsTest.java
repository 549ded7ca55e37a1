package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Extension;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.ServerHandshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: what may be wrong with the subprotocols and extensions that a client offers. */
class OfferRowsTest {
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.deflate(DeflateOptions.defaults()));

    private String head(String more) throws IOException {
        try (RawSocket raw = target.connect()) {
            return raw.say(RawSocket.opening("/echo", more)).head();
        }
    }

    /** Sixteen times the input may take forty times as long: what is quadratic takes 256 times as long. */
    private static void assertLinear(IntConsumer work) {
        for (int i = 0; i < 50; i++) {
            work.accept(8_192);
        }
        long small = leastNanos(work, 8_192);
        long large = leastNanos(work, 16 * 8_192);
        assertThat(large).as("%d ns for 8 KiB", small).isLessThan(40 * small + 200_000);
    }

    private static long leastNanos(IntConsumer work, int size) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.accept(size);
            least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        return least;
    }

    private static ServerHandshake handshake(String name, String value) {
        return ServerHandshake.of(new OpeningRequest("GET", "/", "HTTP/1.1", Headers.of("Host", "h", "Upgrade", "websocket",
                "Connection", "Upgrade", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version", "13", name, value)));
    }

    @Test
    @Row("A10")
    void a10ListsOfSubprotocolsAreReadInLinearTime() throws IOException {
        for (String filler : List.of(" ", "\t", ",", " ,", "a", "\"", "a,")) {
            assertLinear(size -> handshake("Sec-WebSocket-Protocol", "b" + filler.repeat(size / filler.length()) + "x").refusal());
            assertLinear(size -> handshake("Upgrade", "b" + filler.repeat(size / filler.length()) + "x").refusal());
        }
        assertThat(head("Sec-WebSocket-Protocol: b" + " ".repeat(8000) + "x\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(head("Sec-WebSocket-Protocol: b" + " ".repeat(32_000) + "x\r\n")).startsWith("HTTP/1.1 431 ");
    }

    @Test
    @Row("A11")
    void a11ExtensionsAreReadInLinearTime() throws IOException {
        for (String filler : List.of("\\b", "\\\\", "a", ";a", ";a=", ";a=\"b\"", " ;", "\"", ",a")) {
            assertLinear(size -> assertThat(Extension.parse(List.of("x; a=\"" + filler.repeat(size / filler.length())))).isEmpty());
            assertLinear(size -> Extension.parse(List.of("x" + filler.repeat(size / filler.length()))));
        }
        for (String malformed : List.of("x; a=\"" + "\\b".repeat(3000), "x; a=\"b", "x;", "x; =b", "x y", "\"x\"", ";", "x; a=\"b c\"", "x; a==b")) {
            assertThat(head("Sec-WebSocket-Extensions: " + malformed + "\r\n")).as(malformed).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    @Row("A12")
    void a12UnknownExtensionsAreIgnoredAndSixteenAreLookedAt() throws IOException {
        for (String unknown : List.of("constructor", "__proto__", "toString; hasOwnProperty=1", "permessage-deflate2", "PERMESSAGE-DEFLATE",
                String.join(", ", "abcdefg ".repeat(900).strip().split(" ")))) {
            assertThat(head("Sec-WebSocket-Extensions: " + unknown + "\r\n")).as(unknown)
                    .startsWith("HTTP/1.1 101 ").doesNotContain("Sec-WebSocket-Extensions");
        }
        assertThat(head("Sec-WebSocket-Extensions: " + "x,".repeat(15) + "permessage-deflate\r\n")).contains("\r\n" + DEFLATE);
        assertThat(head("Sec-WebSocket-Extensions: " + "x,".repeat(16) + "permessage-deflate\r\n"))
                .startsWith("HTTP/1.1 101 ").doesNotContain("permessage");
        assertThat(head("Sec-WebSocket-Extensions: " + "x,".repeat(4000) + "\r\n" + "Sec-WebSocket-Extensions: " + "x,".repeat(5000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    @Row("A13")
    void a13AnOfferThatIsWrongIsDeclinedAndTheNextTried() throws IOException {
        for (String name : List.of("server_max_window_bits", "client_max_window_bits")) {
            for (String value : List.of("=7", "=16", "=015", "=08", "=", "=\"\"", "=-9", "=+9", "=9.0", "=0x9", "=nine", "=99999999999", "=0",
                    "=9; " + name + "=9", "; " + name)) {
                assertDeclined(name + value);
            }
        }
        for (String wrong : List.of("server_max_window_bits", "server_no_context_takeover=1", "client_no_context_takeover=\"x\"",
                "server_no_context_takeover; server_no_context_takeover", "unknown", "unknown=1", "mode=fast", "Server_no_context_takeover",
                "client_max_window_bits=\"16\"", "server_max_window_bits=\"7\"")) {
            assertDeclined(wrong);
        }
    }

    private void assertDeclined(String parameters) throws IOException {
        assertThat(head(DEFLATE + "; " + parameters + "\r\n")).as(parameters)
                .startsWith("HTTP/1.1 101 ").doesNotContain("Sec-WebSocket-Extensions");
        assertThat(head(DEFLATE + "; " + parameters + ", permessage-deflate\r\n")).as(parameters)
                .startsWith("HTTP/1.1 101 ").contains("\r\n" + DEFLATE);
    }

    @Test
    @Row("A14")
    void a14AWindowThatIsAgreedOnIsKept() throws IOException {
        // 4,000 bytes of noise, twice: who looks back 4,000 bytes needs half the room.
        byte[] noise = new byte[4000];
        new Random(1).nextBytes(noise);
        assertThat(echoedBytes("; server_max_window_bits=15", noise)).isBetween(4000, 4400);
        for (int bits : new int[] {8, 9, 10, 11}) {
            assertThat(echoedBytes("; server_max_window_bits=" + bits, noise)).as("%d bits", bits).isGreaterThan(8000);
        }
    }

    /** The length of the compressed echo of something said twice. */
    private int echoedBytes(String parameters, byte[] once) throws IOException {
        try (RawSocket raw = target.connect()) {
            assertThat(raw.say(RawSocket.opening("/echo", DEFLATE + parameters + "\r\n")).head()).contains(DEFLATE, parameters);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.writeBytes(HexFormat.of().parseHex("82fe%04x00000000".formatted(2 * once.length)));
            frame.writeBytes(once);
            frame.writeBytes(once);
            raw.say(frame.toByteArray());
            assertThat(raw.hex(2)).isEqualTo("c27e");
            int length = Integer.parseInt(raw.hex(2), 16);
            raw.hex(length);
            return length;
        }
    }
}
