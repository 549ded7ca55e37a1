package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group D: what a peer may make a server hold. */
@Timeout(300)
class ExhaustionRowsTest {
    private static final int HARD_MARK = 1 << 20;
    private static final int MESSAGE = 16 * 1024;
    /** What is gathered between two flushes. */
    private static final int GATHERED = 64 * 1024;
    private static final int FULL = 20;
    private static final int ATTACKS = 10;

    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Long> tookMillis = new LinkedBlockingQueue<>();
    private volatile CountDownLatch isDone;
    private final AtomicLong mostBuffered = new AtomicLong();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> with(builder).maxConnections(FULL));

    private ServerBuilder with(ServerBuilder builder) {
        return builder
                .endpoint("/feed", opening -> new Feed())
                .endpoint("/broken", opening -> {
                    throw new IllegalStateException("planted");
                })
                .endpoint("/slow", Endpoint.conversation(c -> isDone.await()));
    }

    /** Sends a message with each turn of the loop, without looking whether the peer takes it, until it is told to stop. */
    private final class Feed implements Listener {
        @Override
        public void onOpen(Connection connection) {
            connection.owner().execute(() -> sendOn(connection));
        }

        private void sendOn(Connection connection) {
            CompletableFuture<Void> sent = connection.send(new byte[MESSAGE]).toCompletableFuture();
            mostBuffered.accumulateAndGet(connection.bufferedBytes(), Math::max);
            if (!sent.isCompletedExceptionally()) {
                connection.owner().execute(() -> sendOn(connection));
            }
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            ends.add(reason);
        }
    }

    private void assertBounded() throws InterruptedException {
        assertThat(ends.poll(20, TimeUnit.SECONDS)).as("the end of the slow one").isEqualTo(CloseReason.of(1013, "too slow"));
        assertThat(mostBuffered.get()).isBetween((long) HARD_MARK, (long) HARD_MARK + GATHERED + MESSAGE);
    }

    @Test
    @Load
    @Row("D1")
    void d1ASubscriberThatStopsReadingIsEnded() throws Exception {
        try (RawSocket slow = target.connect().open("/feed")) {
            assertBounded();
            assertThat(slow.socket().isConnected()).isTrue();
        }
    }

    /** What one turn of a client took: as much of the loop's work, and as long. */
    private record Turns(List<Duration> work, List<Duration> time) {
        static Duration p99(List<Duration> all) {
            return all.stream().sorted().skip(all.size() * 99L / 100).findFirst().orElseThrow();
        }

        @Override
        public String toString() {
            return "p99 of " + work.size() + ": " + p99(work) + " of work, " + p99(time) + " in all";
        }
    }

    /** A loop that waited for the slow one would wait until the write deadline, of 10 s. That a machine has other work takes less. */
    @Test
    @Load
    @Row("D1")
    void d1OthersAreServedAsBefore() throws Exception {
        try (Bystander other = new Bystander(target.connect().open("/echo"))) {
            turns(other, () -> false);
            Turns before = LoopCpu.unwatched(() -> turns(other, () -> false));
            CompletableFuture<Void> attack = CompletableFuture.runAsync(this::stopReading);
            Turns meanwhile = LoopCpu.unwatched(() -> turns(other, () -> !attack.isDone()));
            attack.get(60, TimeUnit.SECONDS);
            assertThat(Turns.p99(meanwhile.work)).as("%s; before: %s", meanwhile, before).isLessThan(Duration.ofMillis(100));
            assertThat(Turns.p99(meanwhile.time)).as("%s; before: %s", meanwhile, before).isLessThan(Duration.ofSeconds(3));
        }
    }

    private void stopReading() {
        List<RawSocket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < ATTACKS; i++) {
                slow.add(target.connectWithWindow(4096).open("/feed"));
            }
            for (RawSocket each : slow) {
                assertThat(ends.poll(20, TimeUnit.SECONDS)).as("the end of the slow ones").isEqualTo(CloseReason.of(1013, "too slow"));
                each.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** At least 300, and as many as it takes. */
    private static Turns turns(Bystander other, BooleanSupplier goesOn) throws IOException, InterruptedException {
        Turns all = new Turns(new ArrayList<>(), new ArrayList<>());
        while (all.work.size() < 300 || goesOn.getAsBoolean()) {
            long begun = System.nanoTime();
            Duration before = LoopCpu.used();
            other.assertEchoesInTheEnd();
            all.work.add(LoopCpu.used().minus(before));
            all.time.add(Duration.ofNanos(System.nanoTime() - begun));
        }
        return all;
    }

    @Test
    @Load
    @Row("D2")
    void d2OverTlsAsWell() throws Exception {
        try (WebSocketServer server = with(WebSocketServer.builder().host("127.0.0.1").port(0)).tls(Tls.selfSigned()).start();
                WebSocketClient client = WebSocketClient.builder().insecure().build()) {
            client.open(URI.create("wss://127.0.0.1:" + server.port() + "/feed"), new Listener() {
                @Override
                public void onOpen(Connection connection) {
                    connection.pause();
                }
            }).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertBounded();
            server.close(Duration.ZERO); // the client need not wait for it
        }
    }

    /** Fills a connection and then waits for its end. */
    private final class Filler implements Listener {
        private volatile long fullSinceNanos;

        @Override
        public void onOpen(Connection connection) {
            while (connection.bufferedBytes() < HARD_MARK / 2) {
                connection.send(new byte[MESSAGE]);
            }
            fullSinceNanos = System.nanoTime();
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            tookMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fullSinceNanos));
        }
    }

    @Test
    @Row("D2")
    void d2WhoTakesNothingOverTlsIsGoneAtTheDeadlineToo() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned())
                        .writeDeadline(Duration.ofSeconds(2)).endpoint("/full", opening -> new Filler()).start();
                WebSocketClient client = WebSocketClient.builder().insecure().build()) {
            client.open(URI.create("wss://127.0.0.1:" + server.port() + "/full"), new Listener() {
                @Override
                public void onOpen(Connection connection) {
                    connection.pause();
                }
            }).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(tookMillis.poll(20, TimeUnit.SECONDS)).as("without the 3 s that TLS gives its last words").isBetween(2000L, 4900L);
        }
    }

    @Test
    @Load
    @Row("D4")
    void d4AFastSenderFeelsASlowApplication() throws Exception {
        isDone = new CountDownLatch(1);
        try (RawSocket fast = target.connect().open("/slow")) {
            AtomicLong written = new AtomicLong();
            byte[] message = Frames.masked(0x82, new byte[MESSAGE]);
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    while (written.get() < 64L << 20) {
                        fast.say(message);
                        written.addAndGet(MESSAGE);
                    }
                } catch (IOException blockedUntilTheEnd) {
                    // The test has closed it.
                }
            });
            long before;
            do {
                before = written.get();
                sender.join(Duration.ofMillis(500));
            } while (written.get() != before);
            assertThat(sender.isAlive()).as("64 MiB are more than two sockets hold").isTrue();
            fast.reset();
            sender.join();
            isDone.countDown();
        }
    }

    @Test
    @Load
    @Row("D7")
    void d7AFullServerAnswers503() throws Exception {
        List<RawSocket> all = new ArrayList<>();
        for (int i = 1; i < FULL; i++) {
            all.add(target.connect().open("/echo"));
        }
        for (int i = 0; i < 50; i++) {
            try (RawSocket tooMany = target.connect()) {
                assertThat(tooMany.restText()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: ", "\r\nConnection: close\r\n");
            }
        }
        for (RawSocket raw : all) {
            AttackedServer.assertEchoes(raw);
            raw.close();
        }
        for (int i = 1; i < FULL; i++) {
            assertThat(target.ends().poll(5, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** A long run asks more often, rather than all over again: in a second that has had its ten lines it would be told of none. */
    @Test
    @Tag("load")
    @Row("D14")
    void d14WhatAPeerMakesThrowIsToldTenTimesASecond() throws Exception {
        try (Log log = new Log()) {
            long begun = System.nanoTime();
            for (int i = 0; i < 500 * Load.SCALE; i++) {
                target.ask(RawSocket.opening("/broken", ""));
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + 1;
            assertThat(log.text().lines().filter(line -> line.contains("the endpoint at /broken failed"))).hasSizeBetween(1, (int) (10 * seconds));
            assertThat(log.text().lines().filter(line -> line.contains("planted"))).hasSizeBetween(1, (int) seconds);
        }
    }

    @Test
    @Load
    @Row("D14")
    void d14MalformedInputLeavesNoLineInTheLog() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true));
        try {
            for (int i = 0; i < 200; i++) {
                try (RawSocket raw = target.connect()) {
                    assertThat(raw.say("\u0016\u0003 nonsense\r\n\r\n").restText()).startsWith("HTTP/1.1 400 ");
                }
                try (RawSocket raw = target.connect().open("/echo")) {
                    assertThat(Frames.closeCode(raw.sayHex("ff80 00000000"))).isEqualTo(1002);
                }
                target.connect().open("/echo").reset();
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString()).isEmpty();
    }
}
