package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.Conversation;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.ConnectFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group F: a head without end, or one that is too long, over plain HTTP. */
@Timeout(600)
class EndlessHeadRowsTest {
    private static final long ENDLESS_BYTES = 64 << 20;
    private static final String SESSION = "0123456789abcdefghijkl\n\n";
    private static final String OPENED = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\n" + SESSION;

    @RegisterExtension
    final AttackedClient target = new AttackedClient(builder -> builder.handshakeDeadline(Duration.ofSeconds(60)).closeWait(Duration.ofMillis(200)));

    private final Semaphore cutOff = new Semaphore(0);

    private void sayHeadersWithoutEnd(RawSocket client) throws IOException {
        client.say("HTTP/1.1 200 OK\r\n");
        byte[] lines = ("X-Filler: " + "y".repeat(4000) + "\r\n").getBytes();
        long sent = 0;
        try {
            for (; sent < ENDLESS_BYTES; sent += lines.length) {
                client.say(lines);
            }
        } finally {
            if (sent < ENDLESS_BYTES) {
                cutOff.release();
            }
        }
    }

    private LadderClient ladder() {
        return LadderClient.over(target.client()).rungs(Carrier.LONG_POLLING);
    }

    @Test
    @Load
    @Row("F5")
    void f5AHeadWithoutEndOpensNothingAndItsConnectionIsCutOff() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            client.head();
            sayHeadersWithoutEnd(client);
        })) {
            assertThatThrownBy(() -> ladder().converse(server.uri())).isInstanceOf(ConnectFailedException.class);
            assertThat(cutOff.tryAcquire(20, TimeUnit.SECONDS)).as("the connection is cut off").isTrue();
        }
    }

    /** As long as a head may be, but for a line that makes it longer. */
    private static String headWith(String more, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n" + ("X-Filler: " + "y".repeat(988) + "\r\n").repeat(16)
                + more + "\r\n" + body;
    }

    @Test
    @Row("F5")
    void f5AHeadOf16KiBIsTakenOverPlainHttpToo() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.contains("duplex=open")) {
                    client.say(headWith("", SESSION));
                }
            }
        }); Conversation open = ladder().converse(server.uri())) {
            assertThat(open.connection().isOpen()).isTrue();
        }
    }

    @Test
    @Row("F5")
    void f5ALongerOneIsRefused() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            client.head();
            client.say(headWith("X-Filler: " + "y".repeat(988) + "\r\n", SESSION));
        })) {
            assertThatThrownBy(() -> ladder().converse(server.uri())).isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("the head of its answer is longer than 16384 bytes");
        }
    }

    @Test
    @Row("F5")
    void f5SoIsALongerOneThatAFetchBrings() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.contains("duplex=open")) {
                    client.say(OPENED);
                } else if (head.startsWith("GET ")) {
                    client.say(headWith("X-Filler: " + "y".repeat(988) + "\r\n", ""));
                    assertThat(client.rest()).as("what is said on a connection that is given up").isEmpty();
                    cutOff.release();
                }
            }
        }); Conversation open = ladder().patience(Duration.ofSeconds(20)).converse(server.uri())) {
            assertThat(cutOff.tryAcquire(20, TimeUnit.SECONDS)).as("a connection of %s is cut off", open).isTrue();
        }
    }

    @Test
    @Load
    @Row("F5")
    void f5SoIsEachThatAFetchBrings() throws Exception {
        try (HostileServer server = new HostileServer((client, number) -> {
            for (String head = client.head(); !head.endsWith("<end>"); head = client.head()) {
                if (head.contains("duplex=open")) {
                    client.say(OPENED);
                } else if (head.startsWith("GET ")) {
                    sayHeadersWithoutEnd(client);
                }
            }
        }); Conversation open = ladder().patience(Duration.ofSeconds(20)).converse(server.uri())) {
            assertThat(cutOff.tryAcquire(2, 40, TimeUnit.SECONDS)).as("the connections of %s are cut off", open).isTrue();
        }
    }
}
