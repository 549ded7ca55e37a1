package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group B over sockets: what the frames of one connection may do to it and to others. {@code ./check soak} is the long form. */
@Timeout(120)
class FramingAttackTest {
    private static final Limits NO_RATE = Limits.defaults().withControlRate(1_000_000, 1_000_000);

    private final Random random = new Random(27);

    @RegisterExtension
    final AttackedServer target = new AttackedServer(this::with);

    private ServerBuilder with(ServerBuilder builder) {
        return builder
                .pings(Duration.ZERO, Duration.ZERO) // a long run takes longer than a Ping is awaited
                .endpoint("/much", opening -> new Listener() {
                    @Override
                    public void onOpen(Connection connection) {
                        connection.send(new byte[32 << 20]);
                    }

                    @Override
                    public Overflow overflow() {
                        return Overflow.DROP;
                    }
                })
                .endpoint("/marked", opening -> new Marker());
    }

    @Test
    @Load
    @Row("B13")
    void b13FinAndRstAnywhereAreToldOnceAndLeaveNoSocket() throws Exception {
        byte[] message = Frames.masked(0x82, new byte[300]);
        for (int round = 0; round < 100; round++) {
            for (boolean isReset : new boolean[] {false, true}) {
                end(target.connect().say("GET /echo HT"), isReset);
                for (int cut : new int[] {0, 1, 3, 8, 100}) {
                    end(target.connect().open("/echo").say(Arrays.copyOf(message, cut)), isReset);
                }
                RawSocket half = target.connect().open("/echo");
                half.socket().shutdownOutput();
                assertThat(half.rest()).isEmpty();
                end(half, isReset);
            }
        }
        for (int i = 0; i < 1200; i++) {
            CloseReason end = target.ends().poll(5, TimeUnit.SECONDS);
            assertThat(end).as("end %d", i).isNotNull();
            assertThat(end.code()).isEqualTo(1006);
        }
        assertThat(target.ends()).isEmpty();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (closeWaits() > 0 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        assertThat(closeWaits()).isZero();
    }

    private static void end(RawSocket raw, boolean isReset) throws IOException {
        if (isReset) {
            raw.reset();
        } else {
            raw.close();
        }
    }

    /** Sockets of the server whose peer has gone and which it has not closed. */
    private long closeWaits() {
        String port = String.format(Locale.ROOT, ":%04X", target.port());
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(FramingAttackTest::rows)
                .filter(f -> f[1].endsWith(port) && f[3].equals("08")).count();
    }

    @Test
    @Load
    @Row("B16")
    void b16FragmentsOfOneByteWithoutEndAre1008() throws Exception {
        byte[] flood = Frames.join(Frames.masked(0x02, new byte[1]), Frames.repeat(Frames.masked(0x00, new byte[1]), 5000));
        assertAllFail(flood, 1008);
    }

    @Test
    @Load
    @Row("B17")
    void b17EmptyFragmentsWithoutEndAre1008() throws Exception {
        byte[] flood = Frames.join(Frames.masked(0x02, new byte[0]), Frames.repeat(Frames.masked(0x00, new byte[0]), 5000));
        assertAllFail(flood, 1008);
    }

    private void assertAllFail(byte[] flood, int code) throws IOException, InterruptedException {
        List<RawSocket> attackers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            attackers.add(target.connect().open("/echo").say(flood));
        }
        for (RawSocket attacker : attackers) {
            assertThat(Frames.closeCode(attacker)).isEqualTo(code);
            attacker.close();
            assertThat(target.ends().poll(5, TimeUnit.SECONDS).code()).isEqualTo(code);
        }
    }

    @Test
    @Load
    @Row("B20")
    void b20TenThousandTinyMessagesDoNotHoldOthersUp() throws Exception {
        byte[] burst = Frames.repeat(Frames.masked(0x81, new byte[] {'x'}), 10_000);
        try (RawSocket attacker = target.connect().open("/echo"); RawSocket other = target.connect().open("/echo")) {
            burstsBehind(attacker, other, burst, 20);
            List<Duration> turns = LoopCpu.unwatched(() -> burstsBehind(attacker, other, burst, 100));
            turns.sort(null);
            // Who comes behind a burst waits for the loop's work on it: measured as that, since a busy machine is no attacker.
            assertThat(turns.get(turns.size() * 99 / 100 - 1)).isLessThan(Duration.ofMillis(50));
        }
    }

    private static List<Duration> burstsBehind(RawSocket attacker, RawSocket other, byte[] burst, int rounds) throws Exception {
        List<Duration> turns = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Thread reader = Thread.ofPlatform().start(() -> assertAllComeBack(attacker, 10_000));
            Duration before = LoopCpu.used();
            attacker.say(burst);
            assertThat(other.sayHex("81 80 00000000").hex(2)).isEqualTo("8100");
            turns.add(LoopCpu.used().minus(before));
            reader.join();
        }
        return turns;
    }

    private static void assertAllComeBack(RawSocket raw, int count) {
        try {
            byte[] back = raw.socket().getInputStream().readNBytes(3 * count);
            assertThat(Arrays.equals(back, Frames.repeat(Frames.hex("810178"), count))).isTrue();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Row("B22")
    void b22PingsToAServerWhosePeerDoesNotReadLeaveOnePongWaiting() throws Exception {
        try (RawSocket raw = target.connect().open("/much")) {
            for (int i = 0; i < 100; i++) {
                raw.say(Frames.masked(0x89, ByteBuffer.allocate(125).putInt(i).array()));
            }
            awaitRead(raw);
            assertThat(Frames.read(raw).payload()).hasSize(32 << 20);
            assertThat(ByteBuffer.wrap(Frames.read(raw).payload()).getInt()).as("the first, which was under way").isZero();
            assertThat(ByteBuffer.wrap(Frames.read(raw).payload()).getInt()).as("the latest").isEqualTo(99);
            raw.say(Frames.masked(0x88, Frames.hex("03e8")));
            assertThat(Frames.closeCode(raw)).isEqualTo(1000);
        }
        assertThat(DefaultLimitsTest.told("Pongs waiting")).isEqualTo("1");
    }

    /** Until the server's system has nothing unread of this client. */
    private void awaitRead(RawSocket raw) throws IOException, InterruptedException {
        String ports = String.format(Locale.ROOT, ":%04X", target.port()) + String.format(Locale.ROOT, ":%04X", raw.socket().getLocalPort());
        for (int i = 0; i < 500; i++) {
            boolean isUnread = Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(FramingAttackTest::rows)
                    .anyMatch(f -> (f[1].substring(f[1].indexOf(':')) + f[2].substring(f[2].indexOf(':'))).equals(ports)
                            && !f[4].endsWith(":00000000"));
            if (!isUnread) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the server does not read");
    }

    private static Stream<String[]> rows(String table) {
        try {
            return Files.readAllLines(Path.of(table)).stream().filter(line -> line.contains(":0")).map(line -> line.strip().split("\\s+"))
                    .filter(f -> f[1].contains(":") && f[4].contains(":"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Load
    @Row("B22")
    void b22PingsBeyondTheRateAre1008() throws Exception {
        assertAllFail(Frames.repeat(Frames.masked(0x89, new byte[125]), 5000), 1008);
    }

    @Test
    @Load
    @Row("B23")
    void b23PongsNobodyAskedForAreIgnoredAndBeyondTheRateAre1008() throws Exception {
        try (RawSocket raw = target.connect().open("/echo")) {
            raw.say(Frames.repeat(Frames.masked(0x8A, new byte[125]), 50));
            AttackedServer.assertEchoes(raw);
            raw.say(Frames.repeat(Frames.masked(0x8A, new byte[125]), 5000));
            assertThat(Frames.closeCode(raw)).isEqualTo(1008);
        }
        assertThat(target.ends().poll(5, TimeUnit.SECONDS).code()).isEqualTo(1008);
        assertAllFail(Frames.repeat(Frames.masked(0x8A, new byte[125]), 5000), 1008);
    }

    @Test
    @Load
    @Row("B26")
    void b26ManySendersCrossNeitherFramesNorConnections() throws Exception {
        List<Thread> readers = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            RawSocket raw = target.connect().open("/marked");
            int own = i;
            readers.add(Thread.ofPlatform().start(() -> {
                try (raw) {
                    raw.say(Frames.masked(0x81, ("m" + own).getBytes(StandardCharsets.US_ASCII)));
                    assertOwnMessagesInOrder(raw, "m" + own, own % 4 == 3 ? 40 : Integer.MAX_VALUE);
                } catch (Throwable t) {
                    failures.add(t);
                }
            }));
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failures).isEmpty();
    }

    /** @param breakAfter how many messages are read before the client goes away without a word */
    private static void assertOwnMessagesInOrder(RawSocket raw, String mark, int breakAfter) throws IOException {
        int[] next = new int[8];
        for (int i = 0; i < breakAfter; i++) {
            Frames.Frame frame = Frames.read(raw);
            if (frame.opcode() == 8) {
                assertThat(frame.closeCode()).isEqualTo(4002);
                assertThat(next).containsOnly(100);
                return;
            }
            String text = new String(frame.payload(), StandardCharsets.US_ASCII);
            int sender = Integer.parseInt(text.split(" ")[1]);
            int number = next[sender]++;
            assertThat(text).isEqualTo((mark + " " + sender + " " + number + " ").repeat(1 + number));
        }
        raw.reset();
    }

    @Test
    @Load
    @Row("B27")
    void b27EveryByteComesBackAsItWas() throws Exception {
        List<RawSocket> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(target.connect().open("/echo"));
        }
        for (int round = 0; round < 10_000; round++) {
            RawSocket raw = all.get(random.nextInt(all.size()));
            byte[] message = new byte[random.nextInt(random.nextInt(100) == 0 ? 70_000 : 1_500)];
            random.nextBytes(message);
            raw.say(Frames.masked(0x82, message));
            assertThat(Arrays.equals(Frames.read(raw).payload(), message)).isTrue();
        }
        for (RawSocket raw : all) {
            raw.close();
        }
    }

    /** Eight threads send 100 numbered messages each, all bearing the connection's own mark; then it closes. */
    private static final class Marker implements Listener {
        @Override
        public void onMessage(Connection connection, Message mark) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int own = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 100; i++) {
                        connection.send((mark.text() + " " + own + " " + i + " ").repeat(1 + i));
                    }
                }));
            }
            Thread.ofPlatform().start(() -> {
                threads.forEach(Marker::join);
                connection.close(4002, "");
            });
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }
}
