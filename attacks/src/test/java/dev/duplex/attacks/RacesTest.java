package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads against each other on one connection, over real sockets: 10,000 rounds each. */
@Timeout(600)
class RacesTest {
    private static final int ROUNDS = 10_000;
    /** Connections that are open at once. */
    private static final int ABREAST = 32;

    private final ExecutorService threads = Executors.newFixedThreadPool(16);
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger serverEnds = new AtomicInteger();
    private WebSocketServer server;
    private WebSocketClient client;
    private Bystander bystander;

    @BeforeEach
    void start() throws IOException {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Ends(serverEnds) {
            @Override
            public void onMessage(Connection connection, Message message) {
                if (message.isText() && message.text().equals("close")) {
                    connection.close(4003, "");
                }
                connection.send(message);
            }
        }).endpoint("/bystander", opening -> new Listener() {
            @Override
            public void onMessage(Connection connection, Message message) {
                connection.send(message);
            }
        }).start();
        bystander = new Bystander(new RawSocket(server.port()).open("/bystander"));
        client = WebSocketClient.builder().build();
    }

    @AfterEach
    void nothingIsLeftOverAndNobodyWasHurt() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        try (Bystander old = bystander; RawSocket newcomer = new RawSocket(server.port()).open("/bystander")) {
            old.assertEchoes();
            AttackedServer.assertEchoes(newcomer);
            assertThat(LoopCpu.comesToRest()).as("the event loops rest").isTrue();
        }
        client.close();
        server.close(Duration.ofSeconds(5));
        assertThat(server.isTerminated()).isTrue();
        assertThat(faults).isEmpty();
        assertThat(Leaks.reported()).isEmpty();
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Is told the end once, and last. */
    private class Ends implements Listener {
        private final AtomicInteger count;
        private boolean hasEnded;

        Ends(AtomicInteger count) {
            this.count = count;
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            if (hasEnded) {
                faults.add(new AssertionError("a second end"));
            }
            hasEnded = true;
            count.incrementAndGet();
            connection.close(4009, "too late");
            connection.send("too late").whenComplete((none, cause) -> expectClosed(cause));
        }
    }

    private void expectClosed(Throwable cause) {
        Throwable told = cause instanceof CompletionException wrapped ? wrapped.getCause() : cause;
        if (!(told instanceof ClosedException)) {
            faults.add(new AssertionError("no ClosedException but " + cause, cause));
        }
    }

    /** What happens to one connection in one round; it has ended when the round has. */
    private interface Round {
        List<CompletionStage<?>> play(Connection connection);
    }

    private void play(int rounds, Round round) throws Exception {
        AtomicInteger clientEnds = new AtomicInteger();
        Semaphore room = new Semaphore(ABREAST);
        URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
        for (int i = 0; i < rounds; i++) {
            assertThat(room.tryAcquire(20, TimeUnit.SECONDS)).as("round %d: a connection does not end", i).isTrue();
            client.open(uri, new Ends(clientEnds)).whenComplete((connection, cause) -> {
                if (cause != null) {
                    faults.add(cause);
                    room.release();
                    return;
                }
                connection.closed().thenRun(room::release);
                threads.execute(() -> guarded(() -> awaitAll(round.play(connection))));
            });
        }
        assertThat(room.tryAcquire(ABREAST, 20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 1000 && serverEnds.get() + clientEnds.get() + (server.connectionCount() == 1 ? 0 : -1) < 2 * rounds; i++) {
            Thread.sleep(10);
        }
        assertThat(clientEnds).hasValue(rounds);
        assertThat(serverEnds).hasValue(rounds);
        assertThat(server.connectionCount()).as("the bystander").isEqualTo(1);
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Throwable t) {
            faults.add(t);
        }
    }

    /** Each stage completes, or fails because the connection has ended. */
    private void awaitAll(List<CompletionStage<?>> stages) throws Exception {
        for (CompletionStage<?> stage : stages) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            stage.whenComplete((value, cause) -> {
                if (cause != null) {
                    expectClosed(cause);
                }
                done.complete(null);
            });
            done.get(20, TimeUnit.SECONDS);
        }
    }

    /** Runs the works on threads of their own, all let go at once. */
    private static List<CompletionStage<?>> race(List<Work> works) {
        CountDownLatch go = new CountDownLatch(1);
        List<CompletionStage<?>> runs = new ArrayList<>();
        for (Work work : works) {
            CompletableFuture<Void> run = new CompletableFuture<>();
            runs.add(run);
            Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                    work.run();
                    run.complete(null);
                } catch (Throwable t) {
                    run.completeExceptionally(t);
                }
            });
        }
        go.countDown();
        return runs;
    }

    private static List<CompletionStage<?>> closeAgainstClose(Connection connection) {
        return race(List.of(() -> connection.close(4001, "a"), () -> connection.close(4002, "b"), () -> connection.send("close")));
    }

    private static List<CompletionStage<?>> sendAgainstClose(Connection connection) {
        List<CompletionStage<?>> sent = new ArrayList<>(java.util.Collections.nCopies(10, null));
        List<CompletionStage<?>> runs = race(List.of(() -> {
            for (int i = 0; i < 10; i++) {
                sent.set(i, connection.send("x"));
            }
        }, connection::close, connection::ping));
        runs.forEach(run -> run.toCompletableFuture().handle((none, closed) -> none).join());
        return sent.stream().map(stage -> stage != null ? stage : CompletableFuture.completedStage(null)).<CompletionStage<?>>map(s -> s).toList();
    }

    private static List<CompletionStage<?>> closeInsideACallback(Connection connection) {
        CompletableFuture<Void> inside = new CompletableFuture<>();
        CompletionStage<Void> sent = connection.send("x");
        sent.whenComplete((none, cause) -> {
            connection.close(4001, "");
            connection.close(4002, "");
            connection.send("y").whenComplete((n, c) -> inside.complete(null));
        });
        connection.owner().execute(() -> connection.close(4003, ""));
        return List.of(sent, inside);
    }

    private static List<CompletionStage<?>> sixteenSenders(Connection connection) {
        List<Work> works = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            boolean closes = t == 7;
            works.add(() -> {
                connection.send("x").toCompletableFuture().exceptionally(closed -> null);
                if (closes) {
                    connection.close();
                }
            });
        }
        return race(works);
    }

    @Test
    @Row("B24")
    void b24CloseAgainstClose() throws Exception {
        play(ROUNDS, RacesTest::closeAgainstClose);
    }

    @Test
    @Row("B24")
    void b24SendAgainstClose() throws Exception {
        play(ROUNDS, RacesTest::sendAgainstClose);
    }

    @Test
    @Row("B24")
    void b24CloseInsideACallback() throws Exception {
        play(ROUNDS, RacesTest::closeInsideACallback);
    }

    @Test
    @Row("B24")
    void b24SixteenSenders() throws Exception {
        play(ROUNDS, RacesTest::sixteenSenders);
    }
}
