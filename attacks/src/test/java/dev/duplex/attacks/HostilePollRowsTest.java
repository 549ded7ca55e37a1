package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.Conversation;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.ConnectFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group F over plain HTTP: what a server may answer to a client whose WebSocket did not get through. */
@Timeout(120)
class HostilePollRowsTest {
    private static final String OPENED = "0123456789abcdefghijkl\n\n";
    private static final int ENDLESS_BYTES = 64 << 20;

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.subprotocols("chat").handshakeDeadline(Duration.ofSeconds(3)));

    private LadderClient ladder() {
        return LadderClient.over(target.client()).rungs(Carrier.LONG_POLLING);
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Said\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Answers the request that opens with this text, and the others with nothing, and counts them. */
    private static HostileServer opening(String answer, AtomicInteger fetches) throws IOException {
        return new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.contains("duplex=open")) {
                    client.say(answer);
                } else if (head.startsWith("GET ")) {
                    fetches.incrementAndGet();
                    client.say(answer(200, ""));
                } else {
                    client.hex(Integer.parseInt(head.replaceAll("(?s).*ontent-[Ll]ength: ([0-9]+).*", "$1")));
                    client.say(answer(400, ""));
                }
            }
        });
    }

    private String failure(HostileServer server) {
        Throwable[] failed = new Throwable[1];
        assertThatThrownBy(() -> ladder().converse(server.uri())).isInstanceOf(ConnectFailedException.class).satisfies(e -> failed[0] = e);
        return failed[0].getMessage();
    }

    private String failure(String answer) throws IOException {
        try (HostileServer server = opening(answer, new AtomicInteger())) {
            String told = failure(server);
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
            assertThat(failure(server)).contains("longer than");
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
        })) {
            assertThat(failure(server)).contains("did not answer");
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    @Row("F11")
    void f11AServerThatAnswersNothingAtOnceIsNotHammered() throws Exception {
        AtomicInteger fetches = new AtomicInteger();
        try (HostileServer server = opening(answer(200, OPENED), fetches); Conversation open = ladder().converse(server.uri())) {
            Thread.sleep(3000);
            assertThat(fetches.get()).isBetween(1, 100);
            assertThat(open.connection().isOpen()).isTrue();
        }
    }
}
