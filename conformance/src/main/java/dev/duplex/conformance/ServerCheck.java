package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays the cases against one server, several at a time, and notices when the server dies. */
final class ServerCheck {
    /** A server that has just begun may be slow once. */
    private static final Duration START = Duration.ofSeconds(15);
    private static final int PROBES = 3;
    private static final long PROBE_PAUSE_MILLIS = 200;
    private static final Case PLAIN = new Case("", "", "", "", Case.Sides.BOTH, List.of(), "", List.of(), List.of(), List.of(),
            List.of(new Outcome(Verdict.PASS, List.of(), Outcome.Ending.CLOSE, Set.of(1000), Outcome.Noise.NOTHING)));
    private final Target target;
    private final String agent;
    private final Options options;
    private final Progress progress;
    private final List<Case> cases;
    private final Result[] results;
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedQueue<ServerCase> abruptEnds = new ConcurrentLinkedQueue<>();
    private volatile long lastLifeNanos = System.nanoTime();
    private volatile String death = "";
    private int done;

    ServerCheck(Target target, String agent, Options options, Progress progress) {
        this.target = target;
        this.agent = agent;
        this.options = options;
        this.progress = progress;
        this.cases = options.cases(true);
        this.results = new Result[cases.size()];
    }

    Report run() throws IOException, InterruptedException {
        knock();
        List<Future<Void>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(options.jobs())) {
            for (int i = 0; i < options.jobs(); i++) {
                workers.add(threads.submit(this::work));
            }
            for (Future<Void> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the checker itself failed: " + e.getCause(), e);
        }
        return new Report(agent, "server", target.http2() ? "2" : "1.1", death, List.of(results));
    }

    /** Hundreds of cases say nothing about an address where no WebSocket is. */
    private void knock() throws IOException {
        Target.Sockets sockets = target.connect(options.patience().compareTo(START) > 0 ? options.patience() : START);
        try (Socket socket = sockets.socket()) {
            HttpHead reply = target.ask(sockets, Opening.request(target, PLAIN, Opening.key()), new BufferedInputStream(socket.getInputStream()));
            if (!target.isOpening(reply)) {
                throw new ProtocolException("it answers '" + reply.startLine() + "'");
            }
        } catch (EOFException | SocketTimeoutException | SocketException e) {
            throw new ProtocolException("it does not answer an opening handshake: " + e.getMessage());
        } finally {
            sockets.plain().close();
        }
    }

    private Void work() throws InterruptedException {
        for (int i = next.getAndIncrement(); i < cases.size(); i = next.getAndIncrement()) {
            judged(i, death.isEmpty() ? play(cases.get(i)) : notPlayed(cases.get(i)));
        }
        return null;
    }

    private synchronized void judged(int index, Result result) {
        results[index] = result;
        progress.judged(agent, result, ++done, cases.size());
    }

    private Result notPlayed(Case c) {
        return new Result(c.id(), c.group(), c.title(), c.section(), Verdict.FAIL, "Not played: " + death, 0, List.of());
    }

    private Result play(Case c) throws InterruptedException {
        if (target.http2() && c.isOfHttp1()) {
            return new Result(c.id(), c.group(), c.title(), c.section(), Verdict.INFO, Report.OF_HTTP_1, 0, List.of());
        }
        ServerCase played = new ServerCase(c, target, options);
        Result result = played.run();
        if (played.answered()) {
            lastLifeNanos = Math.max(lastLifeNanos, played.startNanos());
        }
        if (!played.abrupt()) {
            return result;
        }
        abruptEnds.add(played);
        if (!alive()) {
            died();
            return new Result(c.id(), c.group(), c.title(), c.section(), Verdict.FAIL, death + " " + result.sentence(), result.millis(), result.wire());
        }
        return result;
    }

    /** A server that drops a connection may have died of it: a fresh opening handshake tells. */
    private boolean alive() throws InterruptedException {
        for (int i = 0; i < PROBES && death.isEmpty(); i++) {
            ServerCase opening = new ServerCase(PLAIN, target, options);
            opening.run();
            if (opening.answered()) {
                lastLifeNanos = Math.max(lastLifeNanos, opening.startNanos());
                return true;
            }
            Thread.sleep(PROBE_PAUSE_MILLIS);
        }
        return false;
    }

    /** Of the connections that ended abruptly after the last sign of life, the one that wrote last is the first suspect. */
    private synchronized void died() {
        if (!death.isEmpty()) {
            return;
        }
        List<ServerCase> suspects = abruptEnds.stream().filter(s -> s.endedAfter(lastLifeNanos))
                .sorted(Comparator.comparing(ServerCase::answered).thenComparing(ServerCase::lastWriteNanos).reversed()).toList();
        Optional<ServerCase> first = suspects.stream().findFirst();
        String others = String.join(", ", suspects.stream().skip(1).map(ServerCase::id).toList());
        death = "The server died in case " + first.map(ServerCase::id).orElse("?") + ": since then it answers no opening handshake"
                + (others.isEmpty() ? "." : " (open at that time too: " + others + "; --jobs 1 makes certain).");
    }
}
