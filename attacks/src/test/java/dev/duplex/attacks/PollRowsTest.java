package dev.duplex.attacks;

import static dev.duplex.attacks.PollClient.LIVE;
import static dev.duplex.attacks.PollClient.OCTETS;
import static dev.duplex.attacks.PollClient.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Rejection;
import dev.duplex.fallback.EngineIo;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Group G: connections over plain HTTP. */
class PollRowsTest {
    /** A sign of life among Server-Sent Events. */
    private static final String ALIVE = "event: alive\ndata:\n\n";

    private final LinkedBlockingQueue<CloseReason> ended = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Long> held = new LinkedBlockingQueue<>();

    /** Times are a few seconds here, so that whoever is gone is soon missed. */
    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> EngineIo.at(
                    EngineIo.at(builder, "/engine.io/", opening -> new Echo(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                    "/members-live/", PollRowsTest::members, Duration.ofSeconds(1), Duration.ofSeconds(2))
            .endpoint("/members", PollRowsTest::members)
            .carrier(new Fallback(100, Duration.ofSeconds(3), Duration.ofSeconds(1)))
            .endpoint("/flood", opening -> new Flood())
            .service("/post", exchange -> exchange.answer(HttpAnswer.text(200, "taken")))
            .limits(Limits.defaults().withMessageDeadlineNanos(1_000_000_000)));

    private final PollClient polls = new PollClient(target);

    /** What still lives ends as its owner would end it, so that nobody waits until it is missed. */
    @AfterEach
    void leave() throws IOException {
        polls.leave();
    }

    private class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            ended.add(reason);
        }
    }

    private final class Flood extends Echo {
        @Override
        public void onOpen(Connection connection) {
            for (int i = 0; i < 100; i++) {
                connection.send(new byte[64 * 1024]);
            }
            held.add(connection.bufferedBytes());
        }
    }

    private static void assertAnswered(String answer, int... statuses) {
        assertThat(answer).startsWith("HTTP/1.1 ").containsOnlyOnce("\r\nDate: ").contains("\r\nX-Content-Type-Options: nosniff\r\n").doesNotContain("RST");
        assertThat(statuses).as(answer).contains(Integer.parseInt(answer.substring(9, 12)));
    }

    private static final String CARRYING = "Sec-WebSocket-Protocol: duplex.session\r\n";

    /** How a page, or whoever has its cookie, would begin over each transport: "%s" stands for more header fields. */
    private static final List<String> OPENINGS = List.of(
            RawSocket.opening("/members", "%s"),
            RawSocket.opening("/members", CARRYING + "%s"),
            RawSocket.opening("/members-live/?EIO=4&transport=websocket", "%s"),
            "GET /members-live/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n",
            beginning("stream"), beginning("events"), beginning("long"), beginning("poll"));

    private static String beginning(String delivery) {
        return "POST /members?duplex=open&duplex-as=" + delivery
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n";
    }

    @ParameterizedTest
    @FieldSource("OPENINGS")
    @Row("E4")
    void e4EveryTransportAsksTheSameRules(String opening) throws IOException {
        String cookie = "Cookie: sid=victim\r\n";
        for (String origin : List.of("http://evil.example", "null", "http://localhost:3000", "http://localhost.evil.example", "file://")) {
            assertThat(status(opening, cookie + "Origin: " + origin + "\r\n")).as(origin).isEqualTo(403);
        }
        assertThat(status(opening, cookie + "Origin: http://localhost\r\nOrigin: http://evil.example\r\n")).isEqualTo(403);
        assertThat(status(opening, "Origin: http://localhost\r\n")).as("without what the endpoint wants").isEqualTo(401);
        assertThat(status(opening, "")).isEqualTo(401);
        assertThat(status(opening, cookie + "Origin: http://localhost\r\n")).isIn(101, 200);
        assertThat(status(opening, cookie)).isIn(101, 200);
    }

    private int status(String opening, String headers) throws IOException {
        try (RawSocket raw = target.connect()) {
            int status = Integer.parseInt(raw.say(opening.formatted(headers)).head().substring(9, 12));
            if (status == 101) {
                raw.sayHex("81 83 00000000 656e64"); // "end", which the session understands that it carries
            } else if (status == 200) {
                String told = raw.restText();
                polls.own(told, told.startsWith("0{") ? LIVE.replace("/engine.io/", "/members-live/") : "/members", headers);
            }
            return status;
        }
    }

    /** For those with the right cookie. */
    private static Listener members(Opening opening) {
        if (opening.headers().first("Cookie").filter("sid=victim"::equals).isEmpty()) {
            throw new Rejection(401, "who are you?");
        }
        return new Listener() { };
    }

    @Test
    @Row("A19")
    void a19AChunkIsReadInOneWayOrRefused() throws IOException {
        String behind = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n";
        for (String chunks : List.of("ffffffffffffffff1\r\n", "-1\r\n", "0x5\r\nhello\r\n", "5;a=\"\r\n\"\r\nhello\r\n", "5\nhello\n0\n\n",
                "0\r\nTrailer: x\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "\r\n0\r\n\r\n")) {
            String answer = target.ask("POST /post HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + behind);
            assertAnswered(answer, 400);
            assertThat(answer).contains("\r\nConnection: close");
        }
    }

    @Test
    @Load
    @Row("G1")
    void g1ABodyIsBoundedInBytesAndTime() throws IOException {
        assertThat(Limits.defaults().messageDeadlineNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(30));
        for (String path : List.of(polls.open("/echo", "") + "&duplex-at=0&duplex-ack=0", polls.openLive(""))) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + OCTETS;
            assertAnswered(target.ask(head + "Content-Length: 10485760\r\n\r\n" + "x".repeat(100_000)), 413);
            assertAnswered(target.ask(head + "Transfer-Encoding: chunked\r\n\r\n" + ("c350\r\n" + "x".repeat(50_000) + "\r\n").repeat(21)), 413);
            assertAnswered(target.ask(head + "\r\n"), 411);
            assertAnswered(target.ask(head + "Content-Length: 100\r\n\r\nx"), 408);
        }
    }

    @Test
    @Row("G2")
    void g2ASessionIsItsOwnersAlone() throws IOException {
        for (String id : List.of("__proto__", "constructor", "AAAAAAAAAAAAAAAAAAAAAA", "", "x".repeat(7000))) {
            assertAnswered(polls.get("/echo?duplex=" + id + "&duplex-as=poll&duplex-ack=0"), 400);
            assertAnswered(target.ask(RawSocket.opening("/echo?duplex=" + id + "&duplex-as=socket", CARRYING)), 400);
            assertThat(polls.get(LIVE + "&sid=" + id)).startsWith("HTTP/1.1 400 ").endsWith("{\"code\":1,\"message\":\"Session ID unknown\"}");
        }
        assertAnswered(polls.get(LIVE + "&sid=" + "x".repeat(10_240)), 414);
        String ada = "Authorization: Bearer ada\r\nCookie: id=1\r\n";
        for (String eve : List.of("", "Authorization: Bearer eve\r\nCookie: id=1\r\n", "Authorization: Bearer ada\r\n",
                "Authorization: Bearer ada\r\nCookie: id=2\r\n")) {
            String own = polls.open("/echo", ada);
            assertAnswered(polls.request("GET", own + "&duplex-as=poll&duplex-ack=0", eve, ""), 403);
            assertAnswered(polls.request("POST", own + "&duplex-at=0&duplex-ack=0", eve + OCTETS, "x"), 403);
            assertAnswered(target.ask(RawSocket.opening(own + "&duplex-as=socket", eve + CARRYING)), 403);
            String live = polls.openLive(ada);
            assertThat(polls.request("POST", live, eve, "4x")).startsWith("HTTP/1.1 403 ").endsWith("{\"code\":4,\"message\":\"Forbidden\"}");
            assertAnswered(polls.request("GET", own + "&duplex-as=poll&duplex-ack=0", ada, ""), 200);
        }
    }

    @Test
    @Load
    @Row("G3")
    void g3EveryMalformedRequestGetsItsAnswer() throws IOException {
        for (String query : List.of("", "?EIO=4", "?EIO=3&transport=polling", "?EIO=4&transport=flash", "?EIO=4&transport=websocket",
                "?EIO=4&transport=__proto__", "?transport=polling", "?EIO=4&transport=polling&sid=", "?%00", "?EIO=4&EIO=3")) {
            assertAnswered(polls.get("/engine.io/" + query), 400);
            assertAnswered(polls.request("POST", "/engine.io/" + query, "", "4x"), 400);
        }
        assertThat(polls.request("POST", LIVE, "", "")).startsWith("HTTP/1.1 400 ").endsWith("{\"code\":2,\"message\":\"Bad handshake method\"}");
        for (String packets : List.of("", "x", "9", "4a\u001e", "b!!!", "\u001e", "\u00ff\u00fe")) {
            assertAnswered(polls.request("POST", polls.openLive(""), "Content-Type: application/octet-stream\r\n", packets), 400);
        }
        String own = polls.open("/echo", "");
        for (String query : List.of("", "&duplex-as=poll", "&duplex-as=jsonp&duplex-ack=0", "&duplex-as=poll&duplex-ack=-1", "&duplex-as=poll&duplex-ack=9",
                "&duplex-as=poll&duplex-ack=0&duplex-ack=0", "&duplex-ack=0")) {
            assertAnswered(polls.get(own + query), 400);
        }
        assertAnswered(polls.request("POST", own + "&duplex-at=0&duplex-ack=0", "Content-Type: text/plain\r\n", "x"), 400);
        assertAnswered(polls.request("POST", own + "&duplex-at=0&duplex-ack=7", OCTETS, "x"), 400);
        assertAnswered(polls.request("POST", own + "&duplex-at=99&duplex-ack=0", OCTETS, "x"), 409);
        assertAnswered(polls.request("DELETE", own, "", ""), 405);
        assertAnswered(polls.request("PUT", LIVE, "Content-Length: 0\r\n", ""), 405);
    }

    @Test
    @Row("G4")
    void g4TwoPollsAtOnceEndTheSession() throws Exception {
        String live = polls.openLive("");
        try (RawSocket first = target.connect()) {
            first.say("GET " + live + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String second;
            do {
                second = polls.get(live); // until it comes second
            } while (second.startsWith("HTTP/1.1 200 ") && !second.endsWith("1"));
            assertThat(List.of(second.substring(9, 12), first.restText().substring(9, 12))).containsExactlyInAnyOrder("400", "200");
        }
        assertThat(ended.poll(10, TimeUnit.SECONDS).code()).isEqualTo(1006);
        assertAnswered(polls.get(live), 400);
    }

    @Test
    @Load
    @Row("G5")
    void g5WhoPollsNoMoreIsGoneAndHoldsLittle() throws Exception {
        polls.open("/flood", "");
        assertThat(held.poll(10, TimeUnit.SECONDS)).as("window, hard mark and one message").isLessThan((256 + 1024 + 65) * 1024);
        assertThat(ended.poll(20, TimeUnit.SECONDS)).isNotNull();
        polls.openLive("");
        assertThat(ended.poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
    }

    @Test
    @Row("G6")
    void g6AProbeEndsOrIsOneAloneAndNothingIsLost() throws Exception {
        String live = polls.openLive("");
        assertThat(polls.request("POST", live, "", "4before")).endsWith("ok");
        try (RawSocket silent = target.connect(); RawSocket second = target.connect()) {
            silent.open(live.replace("polling", "websocket"));
            second.open(live.replace("polling", "websocket"));
            assertThat(second.hex(1)).as("a Close").isEqualTo("88");
            assertThat(body(polls.get(live))).isEqualTo("4before");
        }
        try (RawSocket probe = target.connect(); RawSocket late = target.connect()) {
            RawSocket upgraded = openWhenFree(probe, live);
            upgraded.sayHex("81 86 00000000 3270726f6265"); // 2probe
            assertThat(upgraded.hex(8)).isEqualTo("8106" + "3370726f6265"); // 3probe
            assertThat(polls.request("POST", live, "", "4while")).endsWith("ok");
            upgraded.sayHex("81 81 00000000 35"); // 5
            assertThat(upgraded.hex(8)).isEqualTo("8106" + "347768696c65"); // 4while, once
            upgraded.sayHex("81 86 00000000 346166746572"); // 4after
            assertThat(upgraded.hex(8)).isEqualTo("8106" + "346166746572");
            assertAnswered(polls.get(live), 400);
            late.open(live.replace("polling", "websocket"));
            assertThat(late.hex(1)).isEqualTo("88");
        }
        String forgotten = polls.openLive("");
        try (RawSocket silent = target.connect()) {
            silent.open(forgotten.replace("polling", "websocket"));
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(9); System.nanoTime() < end;) {
                answerPing(forgotten);
            }
            assertThat(silent.hex(4)).as("Close 1000").isEqualTo("880203e8");
            assertAnswered(polls.get(forgotten), 200);
        }
    }

    /** The server has heard of the end of the sockets before. */
    private static RawSocket openWhenFree(RawSocket probe, String live) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(500);
        return probe.open(live.replace("polling", "websocket"));
    }

    /** Keeps a session by its polls while its probe says nothing. */
    private void answerPing(String live) throws IOException {
        if (body(polls.get(live)).contains("2")) {
            polls.request("POST", live, "", "3");
        }
    }

    @Test
    @Row("G7")
    void g7NoPollIsUpgraded() throws IOException {
        for (String path : List.of(polls.open("/echo", "") + "&duplex-as=long&duplex-ack=0", "/echo?duplex=open&duplex-as=long", polls.openLive(""), LIVE, "/engine.io/")) {
            String answer = target.ask(RawSocket.opening(path, ""));
            assertAnswered(answer, 400);
            assertThat(answer).contains("\r\nConnection: close");
        }
    }

    @Test
    @Row("G8")
    void g8NoAnswerIsAScript() throws IOException {
        for (String path : List.of("/echo/jsonp?c=<script>alert(1)</script>".replace("<", "%3C").replace(">", "%3E"), "/jsonp?c=x", "/htmlfile?c=x", "/iframe.html")) {
            assertAnswered(polls.get(path), 404);
        }
        String live = polls.get(LIVE + "&j=0&c=%3Cscript%3E");
        polls.own(body(live), LIVE, "");
        for (String answer : List.of(live, polls.get(polls.open("/echo", "") + "&duplex-as=poll&duplex-ack=0&c=%3Cscript%3E"))) {
            assertAnswered(answer, 200);
            assertThat(answer).doesNotContain("script").containsPattern("Content-Type: (text/plain|application/octet-stream)");
        }
    }

    @Test
    @Row("G9")
    void g9OnlyPermittedOriginsReadAnything() throws IOException {
        String preflight = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n";
        for (String origin : List.of("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:1")) {
            for (String path : List.of("/echo?duplex=open&duplex-as=long", LIVE)) {
                for (String method : List.of("GET", "POST", "OPTIONS")) {
                    String answer = polls.request(method, path, "Origin: " + origin + "\r\n" + preflight, "");
                    assertAnswered(answer, 403);
                    assertThat(answer).doesNotContainIgnoringCase("access-control-allow");
                }
            }
        }
        for (String path : List.of("/echo?duplex=open&duplex-as=long", LIVE)) {
            String permitted = polls.request("OPTIONS", path, "Origin: http://localhost\r\n" + preflight, "");
            assertAnswered(permitted, 204);
            assertThat(permitted).contains("\r\nAccess-Control-Allow-Origin: http://localhost\r\n", "\r\nVary: Origin\r\n").doesNotContain("*");
        }
    }

    @Test
    @Row("G10")
    void g10NoTextForgesAnEvent() throws IOException {
        String text = "a\rb\nc\r\nd\0e\n\ndata: forged\n\nevent: end\nid: 9\n: comment\n\n\u00e9";
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[utf8.length + 6];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | utf8.length);
        System.arraycopy(utf8, 0, frame, 6, utf8.length);
        String own = polls.open("/echo", "");
        assertAnswered(polls.request("POST", own + "&duplex-at=0&duplex-ack=0", OCTETS, new String(frame, StandardCharsets.ISO_8859_1)), 200);
        try (RawSocket raw = target.connect()) {
            raw.say("GET " + own + "&duplex-as=events&duplex-ack=0 HTTP/1.0\r\nHost: localhost\r\n\r\n").head();
            String expected = ALIVE + "id: " + (utf8.length + 2) + "\ndata: ";
            assertThat(hexText(raw, expected.length())).isEqualTo(expected);
            String data = hexText(raw, Base64.getEncoder().encodeToString(new byte[utf8.length + 2]).length());
            byte[] came = Base64.getDecoder().decode(data);
            assertThat(new String(came, 2, came.length - 2, StandardCharsets.UTF_8)).isEqualTo(text);
            assertThat(hexText(raw, 2)).isEqualTo("\n\n");
        }
    }

    private static String hexText(RawSocket raw, int bytes) throws IOException {
        return new String(java.util.HexFormat.of().parseHex(raw.hex(bytes)), StandardCharsets.ISO_8859_1);
    }

    @Test
    @Row("G11")
    void g11AForgedEventIdGetsNothing() throws IOException {
        String own = polls.open("/echo", "Authorization: Bearer ada\r\n") + "&duplex-as=events&duplex-ack=0";
        String ada = "Authorization: Bearer ada\r\n";
        for (String id : List.of("1", "-1", "9".repeat(18), "9".repeat(300), "0, 0", "0x0", "")) {
            assertAnswered(polls.request("GET", own, ada + "Last-Event-ID: " + id + "\r\n", ""), 400);
        }
        assertAnswered(polls.request("GET", own, ada + "Last-Event-ID: " + "1".repeat(10_240) + "\r\n", ""), 431);
        assertAnswered(polls.request("GET", own, "Last-Event-ID: 0\r\n", ""), 403);
    }

    @Test
    @Row("G12")
    void g12AStreamShowsThatItLivesAndWhoIsGoneIsMissed() throws Exception {
        List<RawSocket> sockets = new ArrayList<>();
        for (String delivery : List.of("events", "stream")) {
            RawSocket raw = target.connect();
            sockets.add(raw);
            String head = raw.say("GET " + polls.open("/echo", "") + "&duplex-as=" + delivery + "&duplex-ack=0 HTTP/1.0\r\nHost: localhost\r\n\r\n").head();
            assertThat(head).contains("\r\nCache-Control: no-store\r\n", "\r\nX-Accel-Buffering: no\r\n");
            String twice = (delivery.equals("events") ? ALIVE : "\0\0\0\0").repeat(2);
            assertThat(hexText(raw, twice.length())).as("one at once, one after the time a request is held").isEqualTo(twice);
        }
        sockets.get(0).reset();
        sockets.get(1).close();
        assertThat(target.ends().poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
        assertThat(target.ends().poll(20, TimeUnit.SECONDS).code()).isEqualTo(1006);
    }
}
