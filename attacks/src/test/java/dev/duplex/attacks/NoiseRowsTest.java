package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketServer;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Group A: peers that are slow, silent, or speak something else; refused upgrades that go on speaking. */
class NoiseRowsTest {
    /** As many again are slow. */
    private static final int SILENT = Load.SCALE > 1 ? 500 : 300;

    private final AtomicInteger counted = new AtomicInteger();

    @RegisterExtension
    final AttackedServer target = new AttackedServer(builder -> builder
            .http("/count", query -> HttpAnswer.text(200, "" + counted.incrementAndGet()))
            .endpoint("/broken", opening -> {
                throw new IllegalStateException("planted");
            })
            .endpoint("/none", opening -> null)
            .endpoint("/later", opening -> new Later()));

    @Test
    @Row("A23")
    void a23NoSecondRequestFollowsARefusedUpgrade() throws IOException {
        String second = "GET /count HTTP/1.1\r\nHost: h\r\n\r\n";
        for (String first : List.of(RawSocket.opening("/echo", "").replace("Version: 13", "Version: 777"), RawSocket.opening("/nowhere", ""),
                RawSocket.opening("/count", ""), RawSocket.opening("/broken", ""), RawSocket.opening("/none", ""),
                RawSocket.opening("/echo", "Origin: http://evil.example\r\n"), "GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\n\r\n")) {
            try (Log log = new Log()) {
                assertThat(target.ask(first + second)).as(first).containsOnlyOnce("\r\nDate: ").contains("\r\nConnection: close");
                assertThat(log.text().lines().filter(line -> line.contains("ERROR")).count()).isLessThanOrEqualTo(1);
            }
        }
        assertThat(counted).hasValue(0);
    }

    @Test
    @Tag("load")
    @Row("A26")
    void a26SilentAndSlowClientsAreGoneAfterTenSeconds() throws Exception {
        long begun = System.nanoTime();
        List<RawSocket> silent = new ArrayList<>();
        List<RawSocket> slow = new ArrayList<>();
        for (int i = 0; i < SILENT; i++) {
            silent.add(target.connect());
            slow.add(target.connect().say("GET /echo HTTP/1.1\r\nHo"));
        }
        try (RawSocket later = target.connect().open("/later"); RawSocket good = target.connect().open("/echo")) {
            Thread drip = Thread.startVirtualThread(() -> dripFor(slow));
            AttackedServer.assertEchoes(good);
            RawSocket one = silent.removeFirst();
            CompletableFuture<Long> first = CompletableFuture.supplyAsync(() -> whenItHasEnded(one));
            later.socket().setSoTimeout(Promptness.PATIENCE_MILLIS);
            assertThat(later.hex(2)).isEqualTo("8100");
            assertThat(first).succeedsWithin(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(first.join() - begun)).isGreaterThan(Duration.ofSeconds(9));
            for (RawSocket each : silent) {
                assertThat(whatHasCome(each)).isEmpty();
            }
            for (RawSocket each : slow) {
                assertThat(whatHasCome(each)).startsWith("HTTP/1.1 408 ");
            }
            drip.join();
        }
    }

    private static long whenItHasEnded(RawSocket raw) {
        try (raw) {
            raw.socket().setSoTimeout(Promptness.PATIENCE_MILLIS);
            assertThat(raw.rest()).isEmpty();
            return System.nanoTime();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All up to the FIN, which must have been sent: some time for the system to bring it. */
    private static String whatHasCome(RawSocket raw) throws IOException {
        raw.socket().setSoTimeout(1000);
        try (raw) {
            return raw.restText();
        }
    }

    /**
     * Says when 13 s are over for the event loop itself: however late a busy machine makes it, by then it has looked at whoever came before.
     */
    private static final class Later implements Listener {
        @Override
        public void onOpen(Connection connection) {
            EventExecutor loop = (EventExecutor) connection.owner();
            loop.schedule(() -> tellIn(3, loop, connection), 10, TimeUnit.SECONDS);
        }

        private static void tellIn(int seconds, EventExecutor loop, Connection connection) {
            if (seconds == 0) {
                connection.send("");
            } else {
                loop.schedule(() -> tellIn(seconds - 1, loop, connection), 1, TimeUnit.SECONDS);
            }
        }
    }

    /** A byte now and then must not move the deadline. */
    private static void dripFor(List<RawSocket> slow) {
        try {
            for (int i = 0; i < 3; i++) {
                Thread.sleep(2000);
                for (RawSocket each : slow) {
                    each.say("s");
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Row("A28")
    void a28WhatIsNoHttpIsToldSoWithoutALine() throws IOException {
        try (Log log = new Log()) {
            String hello = "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003";
            for (String noise : List.of(hello, "SSH-2.0-OpenSSH_9.2p1\r\n", "EHLO mail\r\n", "USER anonymous\r\n", "\0\0\0\0", "{\"a\":1}\n",
                    "*1\r\n$4\r\nPING\r\n", "\u0005\u0001\0", "GET / HTTP/1.1 \r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n")) {
                assertThat(target.ask(noise)).as(noise).startsWith("HTTP/1.1 400 ").containsOnlyOnce("\r\nDate: ");
            }
            assertThat(log.text()).isEmpty();
        }
    }

    @Test
    @Row("A28")
    void a28WhatIsNoTlsGetsAnAlertWithoutALine() throws IOException {
        try (Log log = new Log(); WebSocketServer secure = secure()) {
            List<RawSocket> all = new ArrayList<>();
            for (String noise : List.of(RawSocket.opening("/echo", ""), "SSH-2.0-OpenSSH_9.2p1\r\n", "\0\0\0\0\0\0\0\0", "\u0016\u0003\u0001\0\u0001x",
                    "\u0017\u0003\u0003\0\u0005hello", "")) {
                all.add(new RawSocket(secure.port()).say(noise));
            }
            for (RawSocket each : all) {
                assertThat(each.restText()).doesNotContain("HTTP").hasSizeLessThan(16);
                each.close();
            }
            assertThat(log.text()).isEmpty();
        }
    }

    @Test
    @Row("A27")
    void a27AHelloThatPromisesMuchGetsNoMemoryAndTenSeconds() throws IOException {
        // TLS record of 5 bytes: ClientHello of 16 MiB to come, version 3.3, then nothing; and one that drips.
        String huge = "\u0016\u0003\u0001\0\u0006\u0001\u00ff\u00ff\u00ff\u0003\u0003";
        long before = Memory.directBytes();
        try (WebSocketServer secure = secure()) {
            List<RawSocket> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(new RawSocket(secure.port()).say(huge));
            }
            try (RawSocket endless = new RawSocket(secure.port()).say(huge)) {
                sayUntilEnd(endless);
            }
            assertThat(Memory.directBytes() - before).isLessThan(50 * 64 * 1024);
            for (RawSocket each : all) {
                assertThat(each.rest()).hasSizeLessThan(16);
                each.close();
            }
        }
    }

    /** Full TLS records of such a hello, until they are no longer taken. */
    private static void sayUntilEnd(RawSocket raw) throws IOException {
        byte[] piece = new byte[16_389];
        piece[0] = 0x16;
        piece[1] = 3;
        piece[2] = 3;
        piece[3] = 0x40;
        try {
            for (int i = 0; i < 2000; i++) {
                raw.say(piece);
            }
            throw new AssertionError("32 MB of one hello were taken");
        } catch (SocketException ended) {
            return;
        }
    }

    private static WebSocketServer secure() {
        return WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1).tls(Tls.selfSigned()).handshakeDeadline(Duration.ofSeconds(1))
                .http("/", query -> HttpAnswer.text(200, "x")).start();
    }
}
