package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.CloseReport;
import dev.duplex.api.Conversation;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Group F over plain HTTP: what a server may answer to a client whose WebSocket did not get through. */
@Timeout(600)
class HostilePollRowsTest {
    private static final String OPENED = "0123456789abcdefghijkl\n\n";
    private static final int ENDLESS_BYTES = 64 << 20;

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.subprotocols("chat").handshakeDeadline(Duration.ofSeconds(20)));

    private static LadderClient ladder(WebSocketClient client) {
        return LadderClient.over(client).rungs(Carrier.LONG_POLLING);
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Said\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Answers the request that opens with this text, and the others with nothing, and counts them. */
    private static HostileServer opening(String answer, Semaphore fetches) throws IOException {
        return new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.contains("duplex=open")) {
                    client.say(answer);
                } else if (head.startsWith("GET ")) {
                    fetches.release();
                    client.say(answer(200, ""));
                } else {
                    client.hex(Integer.parseInt(head.replaceAll("(?s).*ontent-[Ll]ength: ([0-9]+).*", "$1")));
                    client.say(answer(400, ""));
                }
            }
        });
    }

    /** Opens a session, holds its fetches a little, and answers each POST with the same. */
    private static HostileServer taking(String answer, Semaphore posts) throws IOException {
        return new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.startsWith("GET ")) {
                    pause();
                    client.say(answer(200, ""));
                } else {
                    client.hex(Integer.parseInt(head.replaceAll("(?s).*ontent-[Ll]ength: ([0-9]+).*", "$1")));
                    client.say(head.contains("duplex=open") ? answer(200, OPENED) : answer);
                    posts.release();
                }
            }
        });
    }

    private static String failure(WebSocketClient client, HostileServer server) {
        Throwable[] failed = new Throwable[1];
        assertThatThrownBy(() -> ladder(client).converse(server.uri())).isInstanceOf(ConnectFailedException.class).satisfies(e -> failed[0] = e);
        return failed[0].getMessage();
    }

    private String failure(String answer) throws IOException {
        try (HostileServer server = opening(answer, new Semaphore(0))) {
            String told = failure(target.client(), server);
            assertThat(told).as(answer).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(500);
            return told;
        }
    }

    @Test
    @Row("F3")
    void f3AnAnswerThatOpensNoSessionOpensNothing() throws IOException {
        for (String session : List.of("", "\n\n", "short\n\n", "../../../../admin?x=aaaa\n\n", "0123456789abcdefghijk&\n\n", "0123456789abcdefghijkl")) {
            failure(answer(200, session));
        }
        assertThat(failure(answer(503, "\u001b]0;owned\u0007 full\nand more"))).contains("503", "full").doesNotContain("and more");
        failure(answer(500, "x".repeat(10_000)));
    }

    @Test
    @Row("F4")
    void f4ASubprotocolThatWasNotOfferedIsNotAcceptedOverPlainHttpEither() throws IOException {
        for (String chosen : List.of("other", "Chat", "chat,other", "chat ", "\u0007")) {
            assertThat(failure(answer(200, "0123456789abcdefghijkl\n" + chosen + "\n"))).contains("subprotocol");
        }
    }

    @Test
    @Load
    @Row("F5")
    void f5AnAnswerWithoutEndIsCutOffOverPlainHttpToo() throws Exception {
        CountDownLatch hasStopped = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        byte[] piece = new byte[64 * 1024];
        try (HostileServer server = new HostileServer((client, number) -> {
            client.head();
            client.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            try {
                while (sent.get() < ENDLESS_BYTES) {
                    client.say(piece);
                    sent.addAndGet(piece.length);
                }
            } finally {
                hasStopped.countDown();
            }
        })) {
            assertThat(failure(target.client(), server)).contains("longer than");
            assertThat(hasStopped.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sent.get()).as("what the system's buffers take, and no more").isLessThan(ENDLESS_BYTES);
        }
    }

    @Test
    @Row("F12")
    void f12AnAnswerThatDripsIsGivenUpAtTheDeadline() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            client.head();
            client.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            for (int i = 0; i < 1000; i++) {
                client.say("x");
                pause();
            }
        }); WebSocketClient hasty = WebSocketClient.builder().eventLoops(1).handshakeDeadline(Duration.ofSeconds(3)).build()) {
            assertThat(failure(hasty, server)).contains("did not answer");
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** It says that it has taken nothing, or that it cannot, at once, again and again. */
    @ParameterizedTest
    @CsvSource({"200, 0", "409, 0", "500, no"})
    @Row("F11")
    void f11AServerThatTakesNothingIsNotSentTheSameForEver(int status, String body) throws Exception {
        Semaphore posts = new Semaphore(0);
        try (HostileServer server = taking(answer(status, body), posts);
                Conversation open = ladder(target.client()).patience(Duration.ofSeconds(1)).converse(server.uri())) {
            open.send("x".repeat(10_000));
            CloseReason end = open.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(end.code()).isEqualTo(CloseReason.ABNORMAL);
            assertThat(open.connection().closeReport().orElseThrow().how()).isEqualTo(CloseReport.How.WRITE_STALLED);
            assertThat(posts.availablePermits()).as("the opening, at most seven POSTs, and perhaps a farewell").isBetween(2, 9);
        }
    }

    @Test
    @Row("F11")
    void f11AServerThatAnswersNothingAtOnceIsNotHammered() throws Exception {
        Semaphore fetches = new Semaphore(0);
        try (HostileServer server = opening(answer(200, OPENED), fetches); Conversation open = ladder(target.client()).converse(server.uri())) {
            assertThat(fetches.tryAcquire(20, TimeUnit.SECONDS)).as("a first fetch").isTrue();
            Thread.sleep(3000);
            assertThat(fetches.availablePermits()).isLessThan(100);
            assertThat(open.connection().isOpen()).isTrue();
        }
    }
}
