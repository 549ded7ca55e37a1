package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 100 hostile connections against a server whose heap has 128 MiB: it lives, serves its clients, and refuses newcomers meanwhile. */
@Timeout(600)
class MemoryUnderAttackTest {
    private static final int ATTACKERS = 100;
    private static final int FRAGMENT_BYTES = 32 * 1024;
    private static final long BUDGET_BYTES = 64L << 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** G1 gives arrays of half a region and more whole regions, so it is the collector that such messages cost most. */
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");

    private final List<RawSocket> sockets = new ArrayList<>();

    /** What one attacker does to its connection once it is open. */
    private interface Attack {
        void on(RawSocket raw) throws IOException;
    }

    @Test
    @Load
    @Row("D7")
    void d7AHundredUnfinishedMessages() throws Exception {
        holdsAgainst(MemoryUnderAttackTest::almostAMebibyte, "/echo", "", 65536);
    }

    @Test
    @Load
    @Row("D7")
    void d7AHundredThatReadNothing() throws Exception {
        holdsAgainst(raw -> { }, "/feed", "", 4096);
    }

    @Test
    @Load
    @Row("D7")
    void d7AHundredBombs() throws Exception {
        byte[] bomb = Bomb.zeros(1);
        holdsAgainst(raw -> raw.say(Frames.masked(0x42, bomb)), "/echo", "Sec-WebSocket-Extensions: permessage-deflate\r\n", 65536, "--compress");
    }

    private static void almostAMebibyte(RawSocket raw) throws IOException {
        raw.say(Frames.masked(0x02, new byte[FRAGMENT_BYTES]));
        for (int sent = 2 * FRAGMENT_BYTES; sent < 1 << 20; sent += FRAGMENT_BYTES) {
            raw.say(Frames.masked(0x00, new byte[FRAGMENT_BYTES]));
        }
    }

    private void holdsAgainst(Attack attack, String path, String offer, int window, String... args) throws Exception {
        try (ServerProcess server = new ServerProcess("", SMALL, args); Bystander good = new Bystander(server.connect().open("/echo"))) {
            List<Thread> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                RawSocket raw = server.connectWithWindow(window);
                sockets.add(raw);
                if (raw.say(RawSocket.opening(path, offer)).head().startsWith("HTTP/1.1 101")) {
                    attackers.add(Thread.startVirtualThread(() -> run(attack, raw)));
                }
            }
            assertRefusesNewcomers(server);
            good.assertEchoesInTheEnd();
            for (RawSocket raw : sockets) {
                raw.close();
            }
            for (Thread attacker : attackers) {
                attacker.join();
            }
            assertTakesNewcomers(server);
            server.assertUnhurt(good, "/echo");
            assertThat(server.errors()).doesNotContain("OutOfMemory");
        }
    }

    private void run(Attack attack, RawSocket raw) {
        try {
            attack.on(raw);
        } catch (IOException closedByEither) {
            // What the attacker sees does not matter.
        }
    }

    private static String askToOpen(ServerProcess server) throws IOException {
        try (RawSocket raw = server.connect()) {
            return raw.say(RawSocket.opening("/echo", "")).head();
        }
    }

    private static void assertRefusesNewcomers(ServerProcess server) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        String head = askToOpen(server);
        while (head.contains(" 101 ") && System.nanoTime() < end) {
            Thread.sleep(5);
            head = askToOpen(server);
        }
        assertThat(head).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 5\r\n");
    }

    private static void assertTakesNewcomers(ServerProcess server) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!askToOpen(server).contains(" 101 ") && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(askToOpen(server)).startsWith("HTTP/1.1 101 ");
        while (server.heldBytes() > 1 << 20 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(server.heldBytes()).as("held when all is over").isLessThan(1 << 20);
    }
}
