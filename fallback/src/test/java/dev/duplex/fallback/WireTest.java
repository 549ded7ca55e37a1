package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in docs/fallback.md, request by request. */
class WireTest {
    /** The frame of "hi", masked with zeros, and its echo in a record. */
    private static final String HI = "818200000000 6869".replace(" ", "");
    private static final String HI_BACK = "00000004 81026869".replace(" ", "");
    private static final String END = "ffffffff";

    private final Fallback fallback = new Fallback(3, Duration.ofSeconds(1), Duration.ofSeconds(25));
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String[]> opened = new LinkedHashMap<>();
    private WebSocketServer server;

    @BeforeEach
    void start() {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).carrier(fallback)
                .endpoint("/echo/{room}", opening -> {
                    told.add(opening.carrier() + " " + opening.variable("room") + " " + opening.query());
                    return new Listener() {
                        @Override
                        public void onMessage(Connection connection, Message message) {
                            connection.send(message);
                        }

                        @Override
                        public void onClose(Connection connection, CloseReason reason) {
                            told.add("end " + reason.code());
                        }
                    };
                })
                .wire(opening -> {
                    if (opening.query().equals("watched")) {
                        throw new IllegalStateException("planted");
                    }
                    return null;
                })
                .start();
    }

    /** The clients go, too, so that the server need not wait until it misses them. */
    @AfterEach
    void stop() throws Exception {
        for (Map.Entry<String, String[]> session : opened.entrySet()) {
            post(session.getKey() + "&duplex-at=0&duplex-ack=0&duplex-end=1", "", session.getValue());
        }
        http.close();
        server.close(Duration.ofSeconds(2));
    }

    private URI at(String query) {
        return URI.create("http://127.0.0.1:" + server.port() + "/echo/a?" + query);
    }

    private HttpResponse<byte[]> post(String query, String hex, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(query)).header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(HexFormat.of().parseHex(hex)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String query, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(query));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8).strip();
    }

    private static String hex(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + HexFormat.of().formatHex(response.body());
    }

    private String open(String... headers) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = post("x=1&duplex=open&duplex-as=long&y=2", "", headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        String session = "duplex=" + new String(answer.body(), StandardCharsets.US_ASCII).lines().findFirst().orElseThrow();
        opened.put(session, headers);
        return session;
    }

    private String heard() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void whatAWatcherThrowsHasOpenedNothing() throws Exception {
        HttpResponse<byte[]> answer = post("watched&duplex=open&duplex-as=long", "");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).asString().doesNotContain("planted");
        assertThat(fallback.sessionCount()).isZero();
    }

    @Test
    void theApplicationSeesItsOwnQueryAlone() throws Exception {
        String session = open();
        assertThat(session).matches("duplex=[A-Za-z0-9_-]{22}");
        assertThat(heard()).isEqualTo("LONG_POLLING a x=1&y=2");
    }

    @Test
    void aLostResponseIsAskedForAgainAndADoubledRequestBringsNothingNew() throws Exception {
        String s = open();
        assertThat(text(post(s + "&duplex-at=0&duplex-ack=0", HI))).isEqualTo("200 8");
        assertThat(text(post(s + "&duplex-at=0&duplex-ack=0", HI))).isEqualTo("200 8");
        assertThat(hex(get(s + "&duplex-as=long&duplex-ack=0"))).isEqualTo("200 " + HI_BACK);
        assertThat(hex(get(s + "&duplex-as=poll&duplex-ack=0"))).isEqualTo("200 " + HI_BACK);
        assertThat(hex(get(s + "&duplex-as=poll&duplex-ack=4"))).isEqualTo("200 ");
        assertThat(text(get(s + "&duplex-as=poll&duplex-ack=0"))).startsWith("400 ");
    }

    @Test
    void aRequestThatComesTooEarlyIsSentBack() throws Exception {
        String s = open();
        assertThat(text(post(s + "&duplex-at=8&duplex-ack=0", HI))).isEqualTo("409 0");
        assertThat(text(post(s + "&duplex-at=0&duplex-ack=0", HI))).isEqualTo("200 8");
        assertThat(text(post(s + "&duplex-at=4&duplex-ack=0", HI.substring(8) + HI))).as("half of it new").isEqualTo("200 16");
        assertThat(hex(get(s + "&duplex-as=poll&duplex-ack=0"))).isEqualTo("200 00000008" + "81026869".repeat(2));
    }

    @Test
    void theDeliveryMayBeAnotherInEachRequest() throws Exception {
        String s = open();
        post(s + "&duplex-at=0&duplex-ack=0", HI);
        assertThat(hex(get(s + "&duplex-as=long&duplex-ack=0"))).isEqualTo("200 " + HI_BACK);
        HttpResponse<InputStream> stream = http.send(HttpRequest.newBuilder(at(s + "&duplex-as=stream&duplex-ack=4")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        post(s + "&duplex-at=8&duplex-ack=4", HI);
        try (InputStream body = stream.body()) {
            assertThat(HexFormat.of().formatHex(body.readNBytes(12))).isEqualTo("00000000" + HI_BACK);
        }
        HttpResponse<InputStream> events = http.send(HttpRequest.newBuilder(at(s + "&duplex-as=events&duplex-ack=0"))
                .header("Last-Event-ID", "4").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(events.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(events.headers().firstValue("Cache-Control")).contains("no-store");
        String expected = "event: alive\ndata:\n\nid: 8\ndata: gQJoaQ==\n\n";
        try (InputStream body = events.body()) {
            assertThat(new String(body.readNBytes(expected.length()), StandardCharsets.US_ASCII)).isEqualTo(expected);
        }
    }

    @Test
    void theNewestOfTwoRequestsGetsTheBytes() throws Exception {
        String s = open();
        CompletableFuture<HttpResponse<byte[]>> older = http.sendAsync(HttpRequest.newBuilder(at(s + "&duplex-as=long&duplex-ack=0")).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        CompletableFuture<HttpResponse<byte[]>> newer = null;
        while (!older.isDone()) {
            newer = newer != null && !newer.isDone() ? newer : http.sendAsync(
                    HttpRequest.newBuilder(at(s + "&duplex-as=long&duplex-ack=0&duplex-hold=2000")).build(), HttpResponse.BodyHandlers.ofByteArray());
            Thread.onSpinWait();
        }
        assertThat(hex(older.get())).isEqualTo("200 ");
        post(s + "&duplex-at=0&duplex-ack=0", HI);
        assertThat(hex(get(s + "&duplex-as=poll&duplex-ack=0"))).isEqualTo("200 " + HI_BACK);
        newer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCloseIsAFrameAndThenComesTheEnd() throws Exception {
        String s = open();
        heard();
        assertThat(text(post(s + "&duplex-at=0&duplex-ack=0", "88820000000003e8"))).isEqualTo("200 8"); // Close 1000
        assertThat(hex(get(s + "&duplex-as=long&duplex-ack=0"))).isEqualTo("200 00000004" + "880203e8" + END);
        assertThat(heard()).isEqualTo("end 1000");
    }

    @Test
    void aClientThatIsGoneIsMissed() throws Exception {
        open();
        assertThat(heard()).startsWith("LONG_POLLING");
        assertThat(heard()).isEqualTo("end 1006");
        String s = open();
        heard();
        assertThat(text(post(s + "&duplex-at=0&duplex-ack=0&duplex-end=1", ""))).startsWith("200 ");
        assertThat(heard()).isEqualTo("end 1006");
    }

    @Test
    void aSessionBelongsToWhoShowsTheSame() throws Exception {
        String s = open("Authorization", "Bearer ada", "Cookie", "sid=1; theme=dark", "Origin", "http://127.0.0.1:" + server.port());
        String poll = s + "&duplex-as=poll&duplex-ack=0";
        assertThat(hex(get(poll, "Authorization", "Bearer ada", "Cookie", "theme=dark; sid=1; lb=7"))).isEqualTo("200 ");
        assertThat(text(get(poll, "Authorization", "Bearer bob", "Cookie", "sid=1; theme=dark"))).startsWith("403 ");
        assertThat(text(get(poll, "Cookie", "sid=1; theme=dark"))).startsWith("403 ");
        assertThat(text(get(poll, "Authorization", "Bearer ada", "Cookie", "sid=2; theme=dark"))).startsWith("403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "duplex-as=poll", "duplex-as=poll&duplex-ack=-1", "duplex-as=poll&duplex-ack=1e9", "duplex-as=poll&duplex-ack=1", "duplex-ack=0",
        "duplex-as=flash&duplex-ack=0", "duplex-as=poll&duplex-as=poll&duplex-ack=0", "duplex-as=poll&duplex-ack=99999999999999999999",
    })
    void whatIsMalformedIs400(String query) throws Exception {
        assertThat(text(get(open() + "&" + query))).startsWith("400 ");
    }

    @Test
    void whatWasNeverOpenedIs400() throws Exception {
        for (String id : new String[] {"", "AAAAAAAAAAAAAAAAAAAAAA", "__proto__", "x".repeat(5000)}) {
            assertThat(text(get("duplex=" + id + "&duplex-as=poll&duplex-ack=0"))).isEqualTo("400 there is no such session");
        }
        assertThat(text(get("duplex=open&duplex-as=long"))).startsWith("400 ");
        assertThat(text(post("duplex=open&duplex-as=flash", ""))).startsWith("400 ");
    }

    @Test
    void moreThanThereIsRoomForIs503() throws Exception {
        open();
        open();
        open();
        HttpResponse<byte[]> fourth = post("duplex=open&duplex-as=long", "");
        assertThat(fourth.statusCode()).isEqualTo(503);
        assertThat(fourth.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aPageOfAForeignOriginGetsNothing() throws Exception {
        HttpResponse<byte[]> refused = post("duplex=open&duplex-as=long", "", "Origin", "https://evil.example");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(told).isEmpty();
    }
}
