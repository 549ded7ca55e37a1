package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.HttpExchange;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose application does not read: it holds a POST, and a proxy may not. */
@Timeout(120)
class PausedServerTest {
    private static final int CUT_MILLIS = 1200;
    /** More than may fail in a row. */
    private static final int HELD = Rung.POSTS + 2;

    private final LinkedBlockingQueue<Long> holds = new LinkedBlockingQueue<>();

    private static void after(long millis, HttpExchange exchange, HttpAnswer answer) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> exchange.answer(answer));
    }

    /** A paused server behind a proxy that gives a POST up after a while; at last the application reads. */
    private void answer(HttpExchange exchange) {
        Parameters parameters = Parameters.of(exchange.query().query());
        if (parameters.session().equals("open")) {
            exchange.answer(HttpAnswer.text(200, "AAAAAAAAAAAAAAAAAAAAAA\n\n"));
        } else if (exchange.method().equals("GET")) {
            after(500, exchange, HttpAnswer.of(200, "application/octet-stream", new byte[0]));
        } else {
            long hold = parameters.named("hold").orElse(Session.MOST_HELD.toMillis());
            if (hold >= CUT_MILLIS) {
                after(CUT_MILLIS, exchange, HttpAnswer.text(504, "gateway time-out"));
                return;
            }
            holds.add(hold);
            boolean isRead = holds.size() > HELD;
            after(isRead ? 0 : hold, exchange, HttpAnswer.text(200, Long.toString(isRead ? exchange.body().length : 0)));
        }
    }

    @Test
    void aPauseBehindAProxyThatCutsPostsOffIsOutlived() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).service("/e", this::answer).start();
                LadderClient client = LadderClient.over(WebSocketClient.builder().build()).rungs(Carrier.LONG_POLLING).patience(Duration.ofSeconds(10));
                Conversation open = client.converse(URI.create("ws://127.0.0.1:" + server.port() + "/e"))) {
            open.send("late");
            for (int i = 0; i <= HELD; i++) {
                assertThat(holds.poll(20, TimeUnit.SECONDS)).as("hold %d", i).isNotNull().isGreaterThanOrEqualTo(1000L);
            }
            assertThat(open.connection().isOpen()).isTrue();
        }
    }

    @Test
    void aPostIsHeldForAsLongAsItAsks() throws Exception {
        Listener paused = new Listener() {
            @Override
            public void onOpen(Connection connection) {
                connection.pause();
            }
        };
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(new Fallback(9, Duration.ofMinutes(9), Duration.ofHours(1)))
                .endpoint("/e", opening -> paused).start(); HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/e");
            String session = "duplex=" + post(http, Requests.with(uri, "duplex=open&duplex-as=long")).lines().findFirst().orElseThrow();
            assertThat(post(http, Requests.with(uri, session + "&duplex-at=0&duplex-ack=0&duplex-hold=50"), 0x82, 0x80, 0, 0, 0, 0).strip()).isEqualTo("6");
            post(http, Requests.with(uri, session + "&duplex-at=6&duplex-ack=0&duplex-hold=50&duplex-end=1"));
            server.close(Duration.ofSeconds(1));
        }
    }

    private static String post(HttpClient http, URI uri, int... body) throws IOException, InterruptedException {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
