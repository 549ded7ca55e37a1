package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Conversation;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.DeflateOptions;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group F: what a server may answer to a client that opens a WebSocket. */
class HostileAnswerRowsTest {
    private static final String STATUS = "HTTP/1.1 101 Switching Protocols\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\n";
    private static final String CONNECTION = "Connection: Upgrade\r\n";
    private static final String ACCEPT = "Sec-WebSocket-Accept: ACCEPT\r\n";
    private static final String RIGHT = STATUS + UPGRADE + CONNECTION + ACCEPT;

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.subprotocols("chat").deflate(DeflateOptions.defaults())
            .handshakeDeadline(Duration.ofSeconds(4)).closeWait(Duration.ofMillis(200)));

    private ConnectFailedException failure(String answer) throws IOException {
        try (HostileServer server = HostileServer.answering(answer)) {
            ConnectFailedException failed = target.failure(server.uri());
            assertThat(failed.getMessage()).as(answer).doesNotContain("did not answer within").doesNotContainPattern("\\p{Cntrl}");
            return failed;
        }
    }

    @Test
    @Row("F3")
    void f3AnAnswerThatProvesNothingOpensNothing() throws IOException {
        for (String answer : List.of(STATUS + UPGRADE + CONNECTION, STATUS + UPGRADE + ACCEPT, STATUS + CONNECTION + ACCEPT, RIGHT + ACCEPT,
                STATUS + UPGRADE + CONNECTION + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
                STATUS + UPGRADE + CONNECTION + "Sec-WebSocket-Accept: \r\n", STATUS + "Upgrade: h2c\r\n" + CONNECTION + ACCEPT,
                STATUS + UPGRADE + "Connection: close\r\n" + ACCEPT, STATUS + UPGRADE + UPGRADE + CONNECTION + ACCEPT,
                RIGHT.replace("ACCEPT", "accept"), RIGHT.replace("HTTP/1.1", "HTTP/2.0"), RIGHT.replace("101", "1010"), "SSH-2.0-x\r\n", "\0\0\0\0",
                RIGHT.replace("\r\n", "\n"), RIGHT + " folded\r\n", RIGHT + "X: a\0b\r\n")) {
            assertThat(failure(answer + "\r\n").status()).as(answer).isEmpty();
        }
        for (int status : new int[] {200, 204, 302, 400, 401, 426, 500, 503}) {
            assertThat(failure(RIGHT.replace("101", "" + status) + "\r\n").status()).hasValue(status);
        }
        assertThat(failure("HTTP/1.1 403 \u001b[2J\r\nContent-Type: text/plain\r\n\r\n\u001b]0;owned\u0007\r\nx").status()).isEmpty();
        assertThat(failure("HTTP/1.1 403 No\r\nContent-Type: text/plain\r\n\r\n\u001b]0;owned\u0007\r\nx").getMessage()).contains("\\u001b");
    }

    @Test
    @Row("F4")
    void f4WhatWasNotOfferedIsNotAccepted() throws IOException {
        for (String wrong : List.of("Sec-WebSocket-Protocol: other\r\n", "Sec-WebSocket-Protocol: Chat\r\n", "Sec-WebSocket-Protocol: chat, other\r\n",
                "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n", "Sec-WebSocket-Protocol:\r\n",
                "Sec-WebSocket-Extensions: x\r\n", "Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=abc\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=7\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; unknown\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_no_context_takeover\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; a=\"\r\n", "Sec-WebSocket-Extensions: ;\r\n")) {
            assertThat(failure(RIGHT + wrong + "\r\n").status()).as(wrong).isEmpty();
        }
    }

    @Test
    @Load
    @Row("F5")
    void f5AnAnswerWithoutEndIsCutOff() throws IOException {
        for (String endless : List.of("X: y\r\n", "y", "X: " + "y".repeat(8000) + "\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "\r\n")) {
            for (String begin : List.of("HTTP/1.1 100 Continue\r\n\r\n", STATUS, "")) {
                assertCutOff(begin, endless);
            }
        }
    }

    private void assertCutOff(String begin, String endless) throws IOException {
        String piece = endless.repeat(1 + 60_000 / endless.length());
        try (HostileServer server = new HostileServer((client, number) -> {
            client.head();
            client.say(begin);
            try {
                for (int i = 0; i < 1000; i++) {
                    client.say(piece);
                }
            } catch (SocketException cutOff) {
                return;
            }
        })) {
            assertThat(target.failure(server.uri())).hasMessageNotContaining("did not answer within");
        }
    }

    @Test
    @Row("F6")
    void f6FramesInTheSegmentOfTheAnswerAreDelivered() throws Exception {
        try (HostileServer server = HostileServer.answering(RIGHT + "\r\n\u0081\u0001a\u0081\u0001b\u0001\u0001c", RIGHT + "\r\n\u0088\2\3\u00e8");
                Conversation c = target.client().converse(server.uri())) {
            assertThat(c.receive(Duration.ofSeconds(1)).text()).isEqualTo("a");
            assertThat(c.receive(Duration.ofSeconds(1)).text()).isEqualTo("b");
            c.connection().close();
            Conversation closed = target.client().converse(server.uri());
            assertThat(closed.connection().closed().toCompletableFuture().join().code()).isEqualTo(1000);
        }
    }

    @Test
    @Row("F8")
    void f8RedirectsAreNotFollowedUnlessAsked() throws IOException {
        try (HostileServer other = HostileServer.answering(RIGHT + "\r\n");
                HostileServer server = HostileServer.answering("HTTP/1.1 302 Found\r\nLocation: " + other.uri() + "\r\n\r\n")) {
            assertThat(target.failure(server.uri()).status()).hasValue(302);
            assertThat(other.clients()).isZero();
        }
    }

    @Test
    @Row("F8")
    void f8RedirectsThatAreFollowedCarryNoCredentialsToStrangersAndEnd() throws Exception {
        try (WebSocketClient following = WebSocketClient.builder().followRedirects(5).handshakeDeadline(Duration.ofSeconds(4))
                .header("Authorization", "Bearer s3cret").header("COOKIE", "sid=s3cret").header("Proxy-Authorization", "s3cret").header("X-Kept", "1")
                .build()) {
            try (HostileServer stranger = HostileServer.answering(RIGHT + "\r\n");
                    HostileServer first = HostileServer.answering("HTTP/1.1 307 x\r\nLocation: /second\r\n\r\n",
                            "HTTP/1.1 308 x\r\nLocation: http://127.0.0.1:" + stranger.port() + "/third\r\n\r\n")) {
                Conversation c = following.converse(first.uri());
                assertThat(first.requests().take()).startsWith("GET / ").contains("Bearer s3cret");
                assertThat(first.requests().take()).startsWith("GET /second ").contains("Bearer s3cret", "sid=s3cret");
                assertThat(stranger.requests().take()).startsWith("GET /third ").contains("X-Kept: 1").doesNotContain("s3cret");
                c.connection().close();
            }
            try (HostileServer loop = HostileServer.answering("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")) {
                assertFails(following, loop.uri()).hasMessageContaining("302");
                assertThat(loop.clients()).isEqualTo(6);
            }
            for (String location : List.of("file:///etc/passwd", "ftp://h/", "http://u:p@h/", "http://", "javascript:alert(1)", "ws:x", "//", ":",
                    "http://a b/", "http://h:99999/", "http://127.0.0.1:1/#x", "http:///x", "\u00e9://h/")) {
                try (HostileServer server = HostileServer.answering("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n")) {
                    assertFails(following, server.uri()).hasMessageNotContaining("did not answer within");
                }
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketClient.builder().followRedirects(6));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(WebSocketClient client, URI uri) {
        return assertThatThrownBy(() -> client.converse(uri)).isInstanceOf(ConnectFailedException.class);
    }

    @Test
    @Row("F9")
    void f9AChallengeIsNotAnswered() throws IOException {
        for (String challenge : List.of("WWW-Authenticate: Basic realm=\"x\"", "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"",
                "Proxy-Authenticate: Basic", "WWW-Authenticate: Negotiate", "Set-Cookie: a=b")) {
            for (int status : new int[] {401, 407}) {
                try (HostileServer server = HostileServer.answering("HTTP/1.1 " + status + " x\r\n" + challenge + "\r\n\r\n")) {
                    assertThat(target.failure(server.uri()).status()).hasValue(status);
                    assertThat(server.clients()).isEqualTo(1);
                }
            }
        }
    }
}
