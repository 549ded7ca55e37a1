package dev.duplex.bench;

import dev.duplex.load.LoadObserver;
import dev.duplex.load.LoadProgress;
import dev.duplex.load.LoadReport;
import dev.duplex.load.LoadRun;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Memory with 10,000 connections less memory without; garbage is collected before both.
 *
 * <p>Before both the server has been left alone for a while: Java's compilers take 5 to 20 MB while they are at work, on what the
 * connections have just run, and that is none of the connections' memory.
 */
final class IdleMemory implements LoadObserver {
    /** How long a fresh server opens and closes connections first: compilers take memory too. */
    private static final Duration WARM_UP = Duration.ofSeconds(4);

    /** How long a server is left alone: until its compilers are at rest, and have let go of what they keep for 5 s. */
    private static final Duration SILENCE = Duration.ofSeconds(7);

    private final Contestant contestant;
    private final ServerProcess server;
    private long liveBytes;
    private long residentBytes;

    private IdleMemory(Contestant contestant, ServerProcess server) {
        this.contestant = contestant;
        this.server = server;
    }

    /** @param server a fresh one */
    static Measurement measure(Contestant contestant, int round, ServerProcess server) throws IOException, InterruptedException {
        String path = contestant.path(Case.ECHO);
        Loads.run(new LoadRun(Case.HANDSHAKE.plan(server.port(), path, Duration.ZERO, WARM_UP), LoadObserver.NONE), WARM_UP);
        TimeUnit.NANOSECONDS.sleep(SILENCE.toNanos());
        long liveBefore = server.liveBytes(contestant);
        long residentBefore = server.residentBytes();
        IdleMemory atTheEnd = new IdleMemory(contestant, server);
        LoadReport load = Loads.run(new LoadRun(Case.IDLE.plan(server.port(), path, Duration.ZERO, SILENCE), atTheEnd), SILENCE);
        long count = Math.max(1, load.count());
        return new Measurement(contestant, Case.IDLE, round, Double.NaN, 0, (atTheEnd.residentBytes - residentBefore) / count,
                contestant.isJava() ? (atTheEnd.liveBytes - liveBefore) / count : -1, load);
    }

    @Override
    public void progress(LoadProgress progress) {
        // Only the end matters.
    }

    @Override
    public void ended() {
        try {
            liveBytes = server.liveBytes(contestant);
            residentBytes = server.residentBytes();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("memory cannot be told: " + e.getMessage(), e);
        }
    }
}
