package dev.duplex.bench;

import dev.duplex.load.LoadObserver;
import dev.duplex.load.LoadPlan;
import dev.duplex.load.LoadProgress;
import dev.duplex.load.LoadProgress.Phase;
import dev.duplex.load.LoadRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The load of a case until a server's processor time for each message has settled; the same rule for all, in whatever language. */
final class WarmUp implements LoadObserver {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ServerProcess server;
    private final Settling settling = new Settling();
    private final LoadRun run;
    private boolean hasSettled;
    private double messages;
    private long toldNanos;
    private long secondBegan;
    private Duration cpuBefore;

    /**
     * How a warm-up went.
     *
     * @param took how long the load lasted
     * @param hasSettled false if it lasted as long as a warm-up may
     */
    record Result(Contestant contestant, Case race, Duration took, boolean hasSettled) {
        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("server", contestant.id);
            map.put("case", race.id);
            map.put("seconds", took.toMillis() / 1e3);
            map.put("hasSettled", hasSettled);
            return map;
        }
    }

    private WarmUp(ServerProcess server, LoadPlan plan) {
        this.server = server;
        cpuBefore = server.cpu();
        run = new LoadRun(plan, this);
    }

    /**
     * Warms a server up: first with a second of load whose connections are closed, then until it has settled.
     *
     * <p>What a JVM has compiled for connections that only echo it throws away when the first of them are closed. Without the first
     * load that would be after the warm-up.
     *
     * @param most how long the second load may last
     */
    static Result of(Contestant contestant, Case race, ServerProcess server, Duration most) throws InterruptedException {
        Duration first = most.compareTo(FIRST) < 0 ? most : FIRST;
        Loads.run(new LoadRun(race.plan(server.port(), contestant.path(race), Duration.ZERO, first), LoadObserver.NONE), first);
        WarmUp warmUp = new WarmUp(server, race.plan(server.port(), contestant.path(race), Duration.ZERO, most));
        Duration took = Loads.run(warmUp.run, most).elapsed();
        return new Result(contestant, race, took, warmUp.hasSettled);
    }

    @Override
    public void begun() {
        cpuBefore = server.cpu();
        toldNanos = System.nanoTime();
        secondBegan = toldNanos;
    }

    @Override
    public void progress(LoadProgress progress) {
        if (progress.phase() != Phase.MEASURING) {
            return;
        }
        long now = System.nanoTime();
        messages += progress.perSecond() * (now - toldNanos) / SECOND;
        toldNanos = now;
        if (now - secondBegan < 0.95 * SECOND || messages < 1) {
            return;
        }
        Duration cpu = server.cpu();
        if (settling.after(cpu.minus(cpuBefore).toNanos() / messages)) {
            hasSettled = true;
            run.stop();
        }
        cpuBefore = cpu;
        secondBegan = now;
        messages = 0;
    }
}
