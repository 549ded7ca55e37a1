package dev.duplex.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Rejection;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.signalling.Signalling;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups D and E: who has no seat in a room, or no right to connect, and tries as if. */
@Timeout(120)
class SeatRowsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String UNKNOWN = "\"unknown-type\"";

    private final AtomicInteger heard = new AtomicInteger();
    private final Signalling signalling = Signalling.builder().build();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder.endpoint("/signal/{room}", signalling).endpoint("/gated", opening -> {
        if (!opening.headers().contains("Authorization")) {
            throw new Rejection(401, "who are you?");
        }
        return new Listener() {
            @Override
            public void onMessage(Connection connection, Message message) {
                heard.incrementAndGet();
                connection.send(message);
            }
        };
    }));

    @AfterEach
    void end() {
        signalling.close();
    }

    private Conversation connect(String room) {
        return WebSocketClient.connect("ws://127.0.0.1:" + target.port() + "/signal/" + room);
    }

    private static String ask(Conversation peer, String json) throws Exception {
        peer.send(json);
        return peer.receive(SOON).text();
    }

    private static String join(String name) {
        return "{\"type\":\"join\",\"name\":\"" + name + "\"}";
    }

    private static String resume(String token) {
        return "{\"type\":\"resume\",\"token\":\"" + token + "\"}";
    }

    private static String offer(String to) {
        return "{\"type\":\"offer\",\"to\":\"" + to + "\",\"sdp\":\"v=0\"}";
    }

    private static String token(String joined) {
        assertThat(joined).contains("\"joined\"");
        return joined.replaceFirst(".*\"token\":\"([0-9a-f]{32})\".*", "$1");
    }

    @Test
    @Row("D8")
    void d8WhoNeverJoinsIsClosedAndWhoIsRefusedIsNotHeard() throws Exception {
        try (Conversation idle = connect("tea")) {
            String early = RawSocket.opening("/gated", "") + new String(Frames.masked(0x81, "hello".getBytes(UTF_8)), ISO_8859_1);
            assertThat(target.ask(early)).startsWith("HTTP/1.1 401 ");
            assertThat(heard).hasValue(0);
            try (RawSocket known = target.connect()) {
                known.say(early.replace("Host: ", "Authorization: me\r\nHost: "));
                assertThat(known.head()).startsWith("HTTP/1.1 101 ");
                assertThat(Frames.read(known).payload()).asString(UTF_8).isEqualTo("hello");
            }
            assertThat(idle.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.POLICY_VIOLATION);
        }
    }

    @Test
    @Row("D9")
    void d9NothingCanBeSubscribedTo() throws Exception {
        try (Conversation ada = connect("tea")) {
            token(ask(ada, join("Ada")));
            for (String type : List.of("subscribe", "unsubscribe", "sub", "channel", "publish", "topic")) {
                assertThat(ask(ada, "{\"type\":\"" + type + "\",\"channel\":\"" + "c".repeat(10_000) + "\"}")).contains(UNKNOWN);
            }
        }
    }

    @Test
    @Row("D12")
    void d12ANewcomerIsToldNothingThatWasSaidBefore() throws Exception {
        try (Conversation ada = connect("tea"); Conversation ben = connect("tea"); Conversation late = connect("tea")) {
            token(ask(ada, join("Ada")));
            token(ask(ben, join("Ben")));
            ben.send(offer("Ada"));
            assertThat(ada.receive(SOON).text()).contains("\"arrived\"");
            assertThat(ada.receive(SOON).text()).contains("\"offer\"");
            token(ask(late, join("Late")));
            for (String type : List.of("history", "recover", "replay")) {
                assertThat(ask(late, "{\"type\":\"" + type + "\",\"offset\":0}")).contains(UNKNOWN);
            }
        }
    }

    @Test
    @Row("D13")
    void d13TwoHundredThatJoinAndLeaveAreSlowedDown() throws Exception {
        try (Conversation ada = connect("tea")) { // an empty room is forgotten, and disturbs nobody
            token(ask(ada, join("Ada")));
            long from = System.nanoTime();
            long joined = 0;
            for (int i = 0; i < 200; i++) {
                try (Conversation restless = connect("tea")) {
                    joined += ask(restless, join("Ghost " + i)).contains("\"joined\"") ? 1 : 0;
                }
            }
            long seconds = Duration.ofNanos(System.nanoTime() - from).toSeconds();
            assertThat(joined).as("in %d s: forty at once, and four a second", seconds).isPositive().isLessThanOrEqualTo(40 + 4 * (seconds + 1));
        }
    }

    @Test
    @Row("E6")
    void e6ATokenThatIsForgedOrHugeOpensNothing() throws Exception {
        try (Conversation ada = connect("tea"); Conversation mal = connect("tea")) {
            String token = token(ask(ada, join("Ada")));
            for (String forged : List.of("", "none", "0".repeat(32), token.toUpperCase(Locale.ROOT) + "A", token.substring(1), token + token, " " + token,
                    "eyJhbGciOiJub25lIn0.e30.", "x".repeat(60_000))) {
                assertThat(ask(mal, resume(forged))).as(forged).startsWith("{\"type\":\"error\"");
            }
            assertThat(ask(mal, resume(token))).contains("\"resumed\"");
        }
        assertThat(target.ask(RawSocket.opening("/gated", "Authorization: Bearer " + "x".repeat(1 << 14) + "\r\n"))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    @Row("E7")
    void e7ATokenIsWorthNothingOnceItsSeatIsLeftOrTakenByAnother() throws Exception {
        try (Conversation ada = connect("tea"); Conversation next = connect("tea"); Conversation late = connect("tea")) {
            String token = token(ask(ada, join("Ada")));
            assertThat(ask(next, resume(token))).contains("\"resumed\"");
            assertThat(ada.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.POLICY_VIOLATION);
            next.send("{\"type\":\"leave\"}");
            next.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(ask(late, resume(token))).contains("\"no-such-seat\"");
        }
    }

    @Test
    @Row("E8")
    void e8WhateverHoldsASecretComparesItInConstantTime() throws IOException {
        assertThat(ClassFiles.speakingOf(Signalling.class, "isEqual")).containsExactly("Seat");
        assertThat(ClassFiles.speakingOf(Fallback.class, "isEqual")).containsExactlyInAnyOrder("Credentials", "Sessions");
    }

    @Test
    @Row("E9")
    void e9NobodyIsReachedFromAnotherRoomAndNoPatternNamesAnyone() throws Exception {
        try (Conversation ada = connect("tea"); Conversation mal = connect("coffee")) {
            token(ask(ada, join("Ada")));
            token(ask(mal, join("Mal")));
            String nobody = ask(mal, offer("Nobody"));
            assertThat(nobody).contains("\"no-such-peer\"");
            for (String name : List.of("Ada", "ADA", "*", "A*", "?da", "tea/Ada", "../tea/Ada", "${Ada}", ".*")) {
                assertThat(ask(mal, offer(name))).as("the same as of whom does not exist, for %s", name).isEqualTo(nobody);
            }
            assertThat(ask(ada, "{\"type\":\"ping\"}")).as("nothing came before").contains("\"pong\"");
        }
    }

    @Test
    @Row("E10")
    void e10WhatIsSaidBeforeJoiningReachesNobody() throws Exception {
        try (Conversation ada = connect("tea"); Conversation mal = connect("tea")) {
            token(ask(ada, join("Ada")));
            for (String early : List.of(offer("Ada"), offer("Ada").replace("offer", "answer"))) {
                assertThat(ask(mal, early)).contains("\"not-joined\"");
            }
            assertThat(ask(ada, "{\"type\":\"ping\"}")).as("nothing came before").contains("\"pong\"");
        }
    }
}
