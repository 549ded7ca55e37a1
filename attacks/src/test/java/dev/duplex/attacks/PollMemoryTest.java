package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 100 hostile sessions over plain HTTP against a server whose heap has 128 MiB. */
@Timeout(900)
class PollMemoryTest {
    private static final int ATTACKERS = 100;
    /** Far more than its idle sessions hold: bodies have come. */
    private static final long ATTACK_BYTES = 8L << 20;
    private static final int POST_BYTES = 1_000_000;
    /** As many as a body may hold: with its separator. */
    private static final int SMALL_PACKET = 31;
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");

    /** A hundred times the body: what is read and answered, as objects. Were what has been read copied for each packet, it were thousands. */
    private static final long LINEAR_BYTES = 100L * POST_BYTES;

    /** What one attacker says before its body. */
    private interface Opened {
        String post(RawSocket raw) throws IOException;
    }

    @Test
    @Load
    @Row("D7")
    void d7AHundredPostsOfSmallPackets() throws Exception {
        holdsAgainst(raw -> post(openLive(raw), "text/plain", POST_BYTES - 1), smallPackets());
    }

    @Test
    @Load
    @Row("G1")
    void g1ABodyOfSmallPacketsIsNotCopiedForEach() throws Exception {
        try (ServerProcess server = new ServerProcess("", SMALL, "--http"); Bystander good = new Bystander(server.connect().open("/echo"));
                RawSocket raw = server.connect()) {
            String live = openLive(raw);
            long before = Long.parseLong(server.ask("allocated"));
            raw.say(post(live, "text/plain", POST_BYTES - 1)).say(smallPackets());
            try (RawSocket poll = server.connect()) {
                assertThat(poll.say(get(live)).answered()).startsWith("4xxx"); // so all of the body was read
            }
            assertThat(Long.parseLong(server.ask("allocated")) - before).as("bytes allocated").isBetween(1L * POST_BYTES, LINEAR_BYTES);
            server.assertUnhurt(good, "/echo");
        }
    }

    private static byte[] smallPackets() {
        byte[] body = new byte[POST_BYTES - 1];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i % SMALL_PACKET == 0 ? '4' : i % SMALL_PACKET == SMALL_PACKET - 1 ? 0x1e : 'x');
        }
        return body;
    }

    /** Where the session is that it opens. */
    private static String openLive(RawSocket raw) throws IOException {
        String target = "/engine.io/?EIO=4&transport=polling";
        return target + "&sid=" + raw.say(get(target)).answered().replaceFirst("(?s).*\"sid\":\"([^\"]+)\".*", "$1");
    }

    @Test
    @Load
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
        try (ServerProcess server = new ServerProcess("", SMALL, "--http"); Bystander good = new Bystander(server.connect().open("/echo"))) {
            long before = server.heldBytes();
            for (int i = 0; i < ATTACKERS; i++) {
                RawSocket raw = server.connect();
                sockets.add(raw);
                raw.say(opened.post(raw));
            }
            for (RawSocket raw : sockets) {
                Thread.startVirtualThread(() -> {
                    try {
                        raw.say(body);
                    } catch (IOException cutOff) {
                        // What the attacker sees does not matter.
                    }
                });
            }
            assertThat(mostHeldBytes(server, before + ATTACK_BYTES)).as("held while it is attacked").isGreaterThan(before + ATTACK_BYTES);
            good.assertEchoesInTheEnd();
            for (RawSocket raw : sockets) {
                raw.close();
            }
            server.assertUnhurt(good, "/echo");
            assertThat(server.errors()).doesNotContain("OutOfMemory");
        }
    }

    /** The most of four seconds; of more if until then the attack has not come. */
    private static long mostHeldBytes(ServerProcess server, long attacked) throws Exception {
        long start = System.nanoTime();
        long most = 0;
        for (long millis = 0; millis < 4000 || most <= attacked && millis < 20_000; millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)) {
            most = Math.max(most, server.heldBytes());
            Thread.sleep(5);
        }
        return most;
    }
}
