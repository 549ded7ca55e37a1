package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.api.Rejection;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.ServerHandshake;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: answers that an application could be made to forge. */
class AnswerRowsTest {
    private static final List<String> INJECTIONS = List.of("a\r\nX-Injected: b", "a\nX-Injected: b", "a\rX-Injected: b", "a\0b", "\r\n\r\n<html>",
            "a\u007f", "a\u010aX-Injected: b", "a\u560a", "a\u2028b");

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .endpoint("/speaks", opening -> {
                throw new Rejection(404, "told");
            })
            .endpoint("/forged", opening -> {
                throw new Rejection(403, Headers.of("Upgrade", "websocket", "Connection", "Upgrade"), "");
            }));

    @Test
    @Row("A24")
    void a24NoAnswerForgesATunnel() throws IOException {
        for (int status : new int[] {100, 101, 199, 99, 0, -1, 600}) {
            assertThatIllegalArgumentException().isThrownBy(() -> HttpAnswer.text(status, ""));
            assertThatIllegalArgumentException().isThrownBy(() -> new Rejection(status, ""));
        }
        for (String name : List.of("Upgrade", "upgrade", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive", "Trailer")) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> HttpAnswer.text(200, "").with(name, "x"));
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> new Rejection(403, Headers.of(name, "x"), ""));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Rejection(403, Headers.of("Sec-WebSocket-Accept", "x"), ""));
        try (Log log = new Log()) {
            assertThat(target.ask(RawSocket.opening("/forged", ""))).startsWith("HTTP/1.1 500 ").doesNotContain("Upgrade");
            assertThat(log.text()).contains("the endpoint at /forged failed");
        }
    }

    @Test
    @Row("A30")
    void a30NoValueEndsAHeaderEarly() {
        for (String bad : INJECTIONS) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> HttpAnswer.text(200, "").with("X", bad));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> HttpAnswer.text(200, "").with(bad, "x"));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> HttpAnswer.of(200, bad, new byte[0]));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> new Rejection(403, Headers.of("X", bad), ""));
            OpeningRequest request = new OpeningRequest("GET", "/", "HTTP/1.1", Headers.of("Host", "h", "Upgrade", "websocket",
                    "Connection", "Upgrade", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version", "13"));
            assertThatIllegalArgumentException().as(bad)
                    .isThrownBy(() -> ServerHandshake.of(request).accept(List.of(bad), Optional.empty(), Headers.empty()));
        }
    }

    @Test
    @Row("A30")
    void a30ASubprotocolIsEchoedOnlyIfItIsAToken() throws IOException {
        for (String offered : List.of("a b", "a;b", "a, a", "\"a\"", "a\u00e9", ",", "a=b")) {
            assertThat(target.ask(RawSocket.opening("/echo", "Sec-WebSocket-Protocol: " + offered + "\r\n"))).as(offered)
                    .startsWith("HTTP/1.1 400 ").doesNotContain("\r\nSec-WebSocket-Protocol");
        }
        try (RawSocket raw = target.connect()) {
            assertThat(raw.say(RawSocket.opening("/echo", "Sec-WebSocket-Protocol: unspoken\r\n")).head())
                    .startsWith("HTTP/1.1 101 ").doesNotContain("Sec-WebSocket-Protocol");
        }
    }
}
