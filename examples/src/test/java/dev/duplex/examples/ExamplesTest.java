package dev.duplex.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExamplesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void echoServerAndEchoClientTalk() throws Exception {
        try (Started server = Started.server(EchoServer.class); Started client = Started.client(EchoClient.class, server.line())) {
            assertThat(client.rest()).containsExactly("hello");
        }
    }

    @Test
    void callbackClientTalksToEchoServer() throws Exception {
        try (Started server = Started.server(EchoServer.class); Started client = Started.client(CallbackClient.class, server.line())) {
            assertThat(client.rest()).containsExactly("hello", "1000 normal closure, closed by this end, clean");
        }
    }

    @Test
    void roomServerLetsAllOthersHear() throws Exception {
        try (Started server = Started.server(RoomServer.class)) {
            String room = server.line();
            try (Conversation ada = WebSocketClient.connect(room); Conversation bob = WebSocketClient.connect(room)) {
                bob.connection().ping().toCompletableFuture().join();
                ada.send("hello, Bob");
                assertThat(bob.receive(SOON).text()).isEqualTo("hello, Bob");
                bob.send("hello, Ada");
                assertThat(ada.receive(SOON).text()).isEqualTo("hello, Ada");
            }
        }
    }

    @Test
    void guessServerPlaysToTheEnd() throws Exception {
        try (Started server = Started.server(GuessServer.class); Conversation game = WebSocketClient.connect(server.line())) {
            assertThat(game.receive(SOON).text()).isEqualTo("a number from 1 to 100?");
            int low = 1;
            int high = 100;
            String answer = "";
            while (!answer.startsWith("yes")) {
                int guess = (low + high) / 2;
                game.send(Integer.toString(guess));
                answer = game.receive(SOON).text();
                low = answer.equals("more") ? guess + 1 : low;
                high = answer.equals("less") ? guess - 1 : high;
            }
            assertThat(answer).matches("yes, after [1-7]");
            assertThat(game.connection().closed().toCompletableFuture().join().code()).isEqualTo(CloseReason.NORMAL);
        }
    }

    @Test
    void reconnectingClientComesBack() throws Exception {
        AtomicInteger visits = new AtomicInteger();
        Endpoint feed = Endpoint.conversation(c -> {
            int visit = visits.incrementAndGet();
            c.send("visit " + visit);
            c.close(visit == 1 ? CloseReason.SERVICE_RESTART : CloseReason.NORMAL, "");
        });
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/time", feed).start();
                Started client = Started.client(ReconnectingClient.class, "ws://127.0.0.1:" + server.port() + "/time")) {
            assertThat(client.rest()).startsWith("visit 1", "lost; attempt 1", "visit 2").hasSize(4);
        }
    }

    /** The page itself is opened in a browser elsewhere, beside the other tests that need one. */
    @Test
    void callServerIntroducesTwoGuests() throws Exception {
        try (Started server = Started.server(CallServer.class)) {
            String lobby = server.line().replace("http", "ws") + "signal/lobby";
            try (Conversation ada = WebSocketClient.connect(lobby); Conversation bob = WebSocketClient.connect(lobby)) {
                ada.send("{\"type\":\"join\",\"name\":\"Ada\"}");
                assertThat(ada.receive(SOON).text()).contains("\"joined\"");
                bob.send("{\"type\":\"join\",\"name\":\"Bob\"}");
                assertThat(ada.receive(SOON).text()).isEqualTo("{\"type\":\"arrived\",\"name\":\"Bob\",\"role\":\"impolite\"}");
                ada.send("{\"type\":\"offer\",\"to\":\"Bob\",\"sdp\":\"v=0\"}");
                assertThat(bob.receive(SOON).text()).contains("\"joined\"");
                assertThat(bob.receive(SOON).text()).isEqualTo("{\"type\":\"offer\",\"from\":\"Ada\",\"sdp\":\"v=0\"}");
            }
        }
    }

    @Test
    void uploadClientSendsAFileToDigestServerInParts(@TempDir Path directory) throws Exception {
        byte[] content = new byte[10_000_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        try (Started server = Started.server(DigestServer.class);
                Started client = Started.client(UploadClient.class, server.line(), file.toString())) {
            assertThat(client.rest()).containsExactly(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        }
    }
}
