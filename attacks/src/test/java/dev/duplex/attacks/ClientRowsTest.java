package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Reconnect;
import dev.duplex.netty.Reconnecting;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group F: what a client must not be made to say, and servers that do not answer, or close at once. */
class ClientRowsTest {
    private static final List<String> INJECTIONS = List.of("a\r\nX: b", "a\nX: b", "a\rX: b", "a\0b", "\r\n\r\nGET / HTTP/1.1", "a\u010ab", "a\u007fb");

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.handshakeDeadline(Duration.ofSeconds(1))
            .pings(Duration.ofMillis(250), Duration.ofMillis(250)));

    @Test
    @Row("F10")
    void f10NothingInjectsIntoARequest() {
        for (String bad : INJECTIONS) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> WebSocketClient.builder().header("X", bad));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> WebSocketClient.builder().header(bad, "x"));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> WebSocketClient.builder().origin(bad));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Headers.of("X", bad));
            String asked = bad.chars().allMatch(c -> c < 0x80) ? null : URI.create("ws://h/" + bad).toASCIIString();
            assertThat(asked).as(bad).isIn(null, "ws://h/a%C4%8Ab");
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> converse("ws://" + bad + "/", "chat"));
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> converse("ws://127.0.0.1:1/", bad));
        }
        for (String name : List.of("Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding", "Sec-WebSocket-Key", "sec-websocket-x", "TE")) {
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> {
                try (WebSocketClient client = WebSocketClient.builder().header(name, "x").build()) {
                    client.open(URI.create("ws://127.0.0.1:1/"), new Listener() {});
                }
            });
        }
        for (String uri : List.of("http://h/", "ws:/x", "ws://", "ws:///x", "ws://u:p@h/", "ws://h/#f", "ws://h:99999/", "ws://h:0/", "ws://h:x/", "//h/", "ws:h")) {
            assertThatIllegalArgumentException().as(uri).isThrownBy(() -> converse(uri, "chat"));
        }
    }

    private static void converse(String uri, String subprotocol) {
        try (WebSocketClient client = WebSocketClient.builder().subprotocols(subprotocol).build()) {
            client.converse(URI.create(uri));
        }
    }

    @Test
    @Row("F11")
    void f11AServerThatClosesAtOnceIsNotHammered() throws Exception {
        LinkedBlockingQueue<Reconnect.Attempt> attempts = new LinkedBlockingQueue<>();
        Reconnect rules = new Reconnect(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(10), attempts::add);
        try (HostileServer server = HostileServer.closing(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe9})) {
            Reconnecting reconnecting = target.client().keepOpen(server.uri(), opening -> new Listener() {}, rules);
            for (int number = 1; number <= 12; number++) {
                Reconnect.Attempt attempt = attempts.poll(10, TimeUnit.SECONDS);
                assertThat(attempt.number()).isEqualTo(number);
                assertThat(attempt.delay().toMillis()).isBetween(0L, Math.min(100, 20L << (number - 1)));
                assertThat(server.clients()).isLessThanOrEqualTo(number + 1);
            }
            reconnecting.close();
            assertThat(reconnecting.ended().toCompletableFuture().get(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(Reconnect.standard()).extracting(Reconnect::first, Reconnect::most, Reconnect::settled)
                .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    @Test
    @Row("F11")
    void f11WhatWouldOnlyHappenAgainIsNotTriedAgain() throws Exception {
        Reconnect rules = new Reconnect(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, attempt -> { });
        for (int code : new int[] {1000, 1008, 3000, 3003}) {
            byte[] close = {(byte) 0x88, 2, (byte) (code >> 8), (byte) code};
            try (HostileServer server = HostileServer.closing(close)) {
                assertThat(ended(server, rules)).isInstanceOf(ClosedException.class);
                assertThat(server.clients()).isEqualTo(1);
            }
        }
        for (int status : new int[] {400, 401, 403, 404, 426}) {
            try (HostileServer server = HostileServer.answering("HTTP/1.1 " + status + " x\r\n\r\n")) {
                assertThat(ended(server, rules)).isInstanceOf(ConnectFailedException.class);
                assertThat(server.clients()).isEqualTo(1);
            }
        }
    }

    private RuntimeException ended(HostileServer server, Reconnect rules) throws Exception {
        return target.client().keepOpen(server.uri(), opening -> new Listener() {}, rules).ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    @Row("F12")
    void f12AServerThatSaysNothingIsGivenUpAtTheDeadline() throws IOException {
        try (HostileServer silent = new HostileServer((client, number) -> client.rest())) {
            assertThat(target.failure(silent.uri())).hasMessageContaining("did not answer within 1000 ms");
            assertThat(target.failure(URI.create("wss://127.0.0.1:" + silent.port() + "/"))).hasMessageContaining("did not answer within 1000 ms");
        }
        try (HostileServer dripping = new HostileServer((client, number) -> drip(client))) {
            assertThat(target.failure(dripping.uri())).hasMessageContaining("did not answer within 1000 ms");
        }
        // A queue of one that nobody accepts from: the next SYN is dropped.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(target.failure(URI.create("ws://127.0.0.1:" + full.getLocalPort() + "/"))).hasMessageContaining("127.0.0.1:" + full.getLocalPort());
        }
    }

    private static void drip(RawSocket client) throws IOException {
        client.say("HTTP/1.1 101 Switching Protocols\r\nX: ");
        for (int i = 0; i < 40; i++) {
            client.say("y");
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    @Row("F12")
    void f12AServerThatFallsSilentIsFoundDeadByAPing() throws Exception {
        try (HostileServer silent = HostileServer.sending("", new byte[0])) {
            Conversation c = target.client().converse(silent.uri());
            assertThat(c.connection().closed().toCompletableFuture().get(10, TimeUnit.SECONDS).code()).isEqualTo(1006);
        }
    }
}
