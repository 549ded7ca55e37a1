package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Conversation;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class WatchersTest {
    private static final String TOKEN = "00112233445566778899aabbccddeeff";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void whoKnowsTheTokenSeesHandshakeFramesAndClose() throws Exception {
        WebSocketClient client = WebSocketClient.builder().header("Cookie", "id=secret").header("Authorization", "Bearer secret").build();
        try (Served served = Served.with(); Conversation watcher = served.connect("/wire/" + TOKEN)) {
            Conversation echo = client.converse(URI.create(served.ws("/echo?wire=" + TOKEN)));
            echo.send("hello");
            echo.receive(SOON);
            echo.close(4000, "done \"now\"");
            assertThat(watcher.receive(SOON).text())
                    .startsWith("{\"type\":\"handshake\",\"request\":{\"line\":\"GET /echo?wire=" + TOKEN + " HTTP/1.1\",\"headers\":[[\"")
                    .contains("\"response\":{\"line\":\"HTTP/1.1 101 Switching Protocols\"", "[\"Cookie\",\"(not shown)\"]",
                            "[\"Authorization\",\"(not shown)\"]", "[\"Sec-WebSocket-Accept\",\"")
                    .doesNotContain("secret");
            assertThat(watcher.receive(SOON).text()).startsWith(
                    "{\"type\":\"frame\",\"direction\":\"in\",\"opcode\":1,\"fin\":true,\"compressed\":false,\"masked\":true,\"length\":5,\"millis\":");
            assertThat(watcher.receive(SOON).text()).startsWith(
                    "{\"type\":\"frame\",\"direction\":\"out\",\"opcode\":1,\"fin\":true,\"compressed\":false,\"masked\":false,\"length\":5,");
            assertThat(watcher.receive(SOON).text()).contains("\"direction\":\"in\",\"opcode\":8,", "\"length\":12,");
            assertThat(watcher.receive(SOON).text()).contains("\"direction\":\"out\",\"opcode\":8,");
            assertThat(watcher.receive(SOON).text()).isEqualTo("{\"type\":\"close\",\"code\":4000,\"meaning\":\"application code\","
                    + "\"text\":\"done \\\"now\\\"\",\"by\":\"the browser\",\"clean\":true}");
        }
    }

    @ParameterizedTest
    @CsvSource({"/echo", "/echo?wire=ffeeddccbbaa99887766554433221100", "/echo?wire=", "/wire/ffeeddccbbaa99887766554433221100?wire=" + TOKEN})
    void aConnectionWithoutTheTokenAndAWatcherItselfAreNotWatched(String path) throws Exception {
        try (Served served = Served.with(); Conversation watcher = served.connect("/wire/" + TOKEN)) {
            Conversation other = served.connect(path);
            other.send("hello");
            other.close();
            watcher.connection().ping().toCompletableFuture().join();
            assertThatThrownBy(() -> watcher.receive(Duration.ofMillis(50))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aTokenIsWellFormedAndWatchedWithOnce() throws Exception {
        try (Served served = Served.with(); Conversation first = served.connect("/wire/" + TOKEN)) {
            assertRefused(served, "/wire/" + TOKEN, 409);
            assertRefused(served, "/wire/short", 400);
            first.close(1000, "");
            served.connect("/wire/" + TOKEN).close();
        }
    }

    private static void assertRefused(Served served, String path, int status) {
        assertThatThrownBy(() -> served.connect(path))
                .isInstanceOfSatisfying(ConnectFailedException.class, refused -> assertThat(refused.status()).hasValue(status));
    }
}
