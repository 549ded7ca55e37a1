package dev.duplex.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.cli.Main;
import dev.duplex.cli.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Group F: what a server could make a terminal do. */
class TerminalRowsTest {
    private static final List<String> HARMFUL = List.of("\u001b[2J", "\u001b]0;owned\u0007", "a\rb", "\b\b", "\u009b31m", "\u202egnp.exe", "\u2066x\u2069",
            "\u200e", "\u2028", "\u0000", "\ufeff", "\u007f");

    private static String connect(HostileServer server) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main.run(Streams.of(new ByteArrayInputStream(new byte[0]), new PrintStream(out, false, UTF_8), new PrintStream(err, true, UTF_8)),
                "connect", server.uri().toString());
        return out.toString(UTF_8) + err.toString(UTF_8);
    }

    private static void assertHarmless(String printed) {
        assertThat(printed.replace("\n", "").codePoints()).allMatch(c -> c >= ' ' && c < 0x7f || c > 0xa0 && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.LINE_SEPARATOR);
    }

    @Test
    @Row("F14")
    void f14MessagesAndReasonsArePrintedEscaped() throws IOException {
        for (String harmful : HARMFUL) {
            byte[] text = harmful.getBytes(UTF_8);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(new byte[] {(byte) 0x81, (byte) text.length});
            frames.writeBytes(text);
            frames.writeBytes(new byte[] {(byte) 0x88, (byte) (2 + text.length), 0x0f, (byte) 0xa0});
            frames.writeBytes(text);
            try (HostileServer server = HostileServer.closing(frames.toByteArray())) {
                String printed = connect(server);
                assertHarmless(printed);
                assertThat(printed).containsPattern("\\\\u[0-9a-f]{4}");
            }
        }
    }

    @Test
    @Row("F14")
    void f14RefusalsArePrintedEscaped() throws IOException {
        for (String harmful : List.of("\u001b[2J", "\u001b]0;owned\u0007", "\b", "\u009b31m", "\u007f", "\u00e2\u0080\u00ae")) {
            for (String answer : List.of("HTTP/1.1 403 " + harmful + "\r\n\r\n", "HTTP/1.1 403 No\r\nContent-Type: text/plain\r\n\r\n" + harmful,
                    "HTTP/1.1 302 Found\r\nLocation: " + harmful + "\r\n\r\n", harmful + "\r\n\r\n",
                    "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: "
                            + harmful + "\r\n\r\n")) {
                try (HostileServer server = HostileServer.answering(answer)) {
                    String printed = connect(server);
                    assertHarmless(printed);
                    assertThat(printed).startsWith("duplex: ").endsWith("\n").containsOnlyOnce("\n");
                }
            }
        }
    }
}
