package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A client that is closed. */
class ClosedClientTest {
    @Test
    void itsConnectionsAreClosed() throws Exception {
        LinkedBlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() {
            @Override
            public void onClose(Connection connection, CloseReason reason) {
                codes.add(reason.code());
            }
        }).start()) {
            WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();
            URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
            Conversation open = client.converse(uri);
            client.close();
            assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(1001);
            assertThat(open.connection().closed().toCompletableFuture().get(10, TimeUnit.SECONDS).isClean()).isTrue();
            assertThatThrownBy(() -> client.converse(uri)).isInstanceOf(ConnectFailedException.class).hasMessage("the client is closed");
        }
    }

    @Test
    void nobodyWaitsForIt() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() { }).start()) {
            WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();
            Conversation open = client.converse(URI.create("ws://127.0.0.1:" + server.port() + "/"));
            Reconnect inAnHour = new Reconnect(Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, attempt -> { });
            Reconnecting kept = client.keepOpen(() -> CompletableFuture.failedStage(new ConnectFailedException(503, "full")), inAnHour);
            client.close();
            assertThat(kept.ended().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20))
                    .asInstanceOf(InstanceOfAssertFactories.THROWABLE).hasMessage("the client is closed");
            assertThat(client.loops().group().terminationFuture().await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(open.connection().ping().toCompletableFuture()).failsWithin(Duration.ofSeconds(20)).withThrowableThat()
                    .withCauseInstanceOf(ClosedException.class);
            assertThat(client.tunnel(open.opening(), opening -> new Listener() { }, null).toCompletableFuture()).failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat().withCauseInstanceOf(ConnectFailedException.class);
            Reconnecting tooLate = client.keepOpen(URI.create("ws://127.0.0.1:" + server.port() + "/"), opening -> new Listener() { }, inAnHour);
            assertThat(tooLate.ended().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void whatItIsOpeningEnds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            WebSocketClient client = WebSocketClient.builder().handshakeDeadline(Duration.ofMinutes(5)).build();
            CompletionStage<Connection> opening = client.open(URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/"), new Listener() { });
            try (Socket accepted = silent.accept()) {
                accepted.setSoTimeout(20_000);
                assertThat(accepted.getInputStream().read()).as("of a request").isEqualTo('G');
                client.close();
                assertThat(opening.toCompletableFuture()).failsWithin(Duration.ofSeconds(20)).withThrowableThat()
                        .withCauseInstanceOf(ConnectFailedException.class).withMessageContaining("the client is closed");
                assertThat(accepted.getInputStream().readAllBytes()).as("the rest of it, and its end").endsWith("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** What a listener has heard of was opened. */
    @Test
    void theListenerThatItTellsOfAnOpeningMayCloseIt() throws Exception {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() { }).start()) {
            WebSocketClient client = WebSocketClient.builder().eventLoops(1).build();
            CompletionStage<Connection> opening = client.open(URI.create("ws://127.0.0.1:" + server.port() + "/"), new Listener() {
                @Override
                public void onOpen(Connection connection) {
                    client.close();
                }

                @Override
                public void onClose(Connection connection, CloseReason reason) {
                    closed.complete(reason.code());
                }
            });
            assertThat(opening.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
            assertThat(closed).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(1001);
        }
    }
}
