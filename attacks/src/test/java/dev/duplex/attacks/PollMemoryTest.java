package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 100 hostile sessions over plain HTTP against a server whose heap has 128 MiB. */
@Timeout(120)
class PollMemoryTest {
    private static final int ATTACKERS = 100;
    private static final int POST_BYTES = 1_000_000;
    /** As many as a body may hold: with its separator. */
    private static final int SMALL_PACKET = 31;
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");

    /** What one attacker says before its body. */
    private interface Opened {
        String post(RawSocket raw) throws IOException;
    }

    @Test
    @Row("D7")
    void d7AHundredPostsOfSmallPackets() throws Exception {
        byte[] body = new byte[POST_BYTES - 1];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i % SMALL_PACKET == 0 ? '4' : i % SMALL_PACKET == SMALL_PACKET - 1 ? 0x1e : 'x');
        }
        holdsAgainst(raw -> {
            String id = raw.say(get("/engine.io/?EIO=4&transport=polling")).answered().replaceFirst("(?s).*\"sid\":\"([^\"]+)\".*", "$1");
            return post("/engine.io/?EIO=4&transport=polling&sid=" + id, "text/plain", body.length);
        }, body);
    }

    @Test
    @Row("D7")
    void d7AHundredPostsThatNobodyFetches() throws Exception {
        byte[] frame = Frames.masked(0x82, new byte[1000]);
        byte[] body = new byte[POST_BYTES / frame.length * frame.length];
        for (int i = 0; i < body.length; i++) {
            body[i] = frame[i % frame.length];
        }
        holdsAgainst(raw -> {
            String id = raw.say(post("/echo?duplex=open&duplex-as=long", "application/octet-stream", 0)).answered().split("\n")[0];
            return post("/echo?duplex=" + id + "&duplex-ack=0&duplex-at=0", "application/octet-stream", body.length);
        }, body);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String post(String target, String type, int length) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static void holdsAgainst(Opened opened, byte[] body) throws Exception {
        List<RawSocket> sockets = new ArrayList<>();
        try (ServerProcess server = new ServerProcess("", SMALL, "--http"); RawSocket good = server.connect().open("/echo")) {
            good.socket().setSoTimeout(60_000);
            List<Thread> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                RawSocket raw = server.connect();
                sockets.add(raw);
                attackers.add(Thread.startVirtualThread(() -> {
                    try {
                        raw.say(opened.post(raw)).say(body);
                    } catch (IOException | RuntimeException cutOff) {
                        // What the attacker sees does not matter.
                    }
                }));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            for (Thread attacker : attackers) {
                attacker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
            assertThat(good.sayHex("81 82 00000000 6f6b").hex(4)).isEqualTo("81026f6b");
            for (RawSocket raw : sockets) {
                raw.close();
            }
            assertThat(server.isAlive()).isTrue();
            assertThat(server.errors()).doesNotContain("OutOfMemory");
        }
    }
}
