package dev.duplex.load;

import dev.duplex.load.LoadProgress.Phase;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * One load, from the first connection to the last.
 *
 * <pre>
 *   opening   every connection is opened
 *   warm-up   the load runs, and nothing counts
 *   measured  messages that are due (with a rate) or answered (without) in this time count
 *   ending    nothing more is sent; late answers are awaited for 5 s; every connection is closed with 1000
 * </pre>
 *
 * <p>A run runs once. {@link #stop} may be called from any thread.
 */
public final class LoadRun {
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long ANSWER_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final LoadPlan plan;
    private final LoadObserver observer;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Lane> lanes = new ArrayList<>();
    private Duration ownCpu = Duration.ZERO;

    /** A run that has not begun. */
    public LoadRun(LoadPlan plan, LoadObserver observer) {
        this.plan = plan;
        this.observer = observer;
    }

    /** Ends the load early; {@link #run} returns what was measured so far. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Puts the load on and returns what it measured.
     *
     * @throws LoadFailedException if a connection cannot be opened in the beginning
     */
    public LoadReport run() throws InterruptedException {
        try (Carrier carrier = new Carrier(plan)) {
            assign(carrier);
            try {
                open();
                Duration measured = load();
                settle();
                return report(measured, carrier.connected());
            } finally {
                lanes.forEach(lane -> lane.loop.execute(lane::release));
            }
        }
    }

    private void assign(Carrier carrier) {
        Broadcast broadcast = new Broadcast(plan.connections());
        List<EventLoop> loops = carrier.loops();
        for (int i = 0; i < loops.size(); i++) {
            EventLoop loop = loops.get(i);
            int share = share(i, plan.connections());
            lanes.add(switch (plan.mode()) {
                case ECHO -> new EchoLane(plan, carrier, loop, plan.perSecond() * share / plan.connections());
                case BROADCAST -> new BroadcastLane(plan, carrier, loop, broadcast, i == 0);
                case HANDSHAKE -> new HandshakeLane(plan, carrier, loop, share);
                case IDLE -> new IdleLane(plan, carrier, loop);
            });
        }
    }

    /** The part of a number that falls to a lane; the first lanes take what is left over. */
    private int share(int lane, int of) {
        return of / plan.loops() + (lane < of % plan.loops() ? 1 : 0);
    }

    private void open() throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(plan.openedFirst());
        AtomicReference<String> failure = new AtomicReference<>();
        Lane.Opening hears = new Lane.Opening() {
            @Override
            public void opened() {
                opened.countDown();
            }

            @Override
            public void failed(String why) {
                failure.compareAndSet(null, why);
            }
        };
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            int share = share(i, plan.openedFirst());
            lane.loop.execute(() -> lane.open(share, hears));
        }
        long begun = System.nanoTime();
        while (!opened.await(50, TimeUnit.MILLISECONDS) && failure.get() == null && stopped.getCount() > 0) {
            tell(Phase.OPENING, begun, begun, (int) (plan.openedFirst() - opened.getCount()));
        }
        if (failure.get() != null) {
            long open = plan.openedFirst() - opened.getCount();
            throw new LoadFailedException((open == 0 ? "no connection could be opened: "
                    : open + " of " + plan.openedFirst() + " connections could be opened, then: ") + failure.get());
        }
    }

    /** @return how long was measured */
    private Duration load() throws InterruptedException {
        long begin = System.nanoTime();
        long from = begin + plan.warmUp().toNanos();
        long until = from + plan.duration().toNanos();
        lanes.forEach(lane -> lane.loop.execute(() -> {
            lane.tally.measure(from, until);
            lane.begin();
        }));
        watch(Phase.WARM_UP, begin, from);
        Duration cpuBefore = cpu();
        observer.begun();
        watch(Phase.MEASURING, from, until);
        long end = Math.min(System.nanoTime(), until);
        observer.ended();
        ownCpu = cpu().minus(cpuBefore);
        lanes.forEach(lane -> lane.loop.execute(() -> {
            lane.tally.measureUntil(end);
            lane.stopSending(end);
        }));
        return Duration.ofNanos(Math.max(0, end - from));
    }

    private void watch(Phase phase, long begun, long until) throws InterruptedException {
        long told = begun;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            if (stopped.await(Math.min(left, PROGRESS_NANOS), TimeUnit.NANOSECONDS)) {
                return;
            }
            told = tell(phase, begun, told, -1);
        }
    }

    private long tell(Phase phase, long begun, long told, int opened) {
        Histogram recent = Tally.histogram();
        onEach(lane -> lane.tally.takeRecent()).forEach(recent::add);
        int open = opened >= 0 ? opened : (int) sum(lane -> (long) lane.peers.size());
        long now = System.nanoTime();
        boolean isEmpty = recent.getTotalCount() == 0;
        observer.progress(new LoadProgress(phase, Duration.ofNanos(now - begun), open,
                isEmpty ? 0 : recent.getTotalCount() * 1e9 / (now - told),
                Duration.ofNanos(isEmpty ? 0 : recent.getValueAtPercentile(50)),
                Duration.ofNanos(isEmpty ? 0 : recent.getValueAtPercentile(99))));
        return now;
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Awaits late answers, then closes. */
    private void settle() throws InterruptedException {
        long begun = System.nanoTime();
        boolean hasAll = await(begun + ANSWER_WAIT_NANOS, Lane::left);
        if (!hasAll) {
            onEach(lane -> {
                lane.stopWaiting(System.nanoTime());
                return null;
            });
        }
        onEach(lane -> {
            lane.leave();
            return null;
        });
        await(System.nanoTime() + CLOSE_WAIT_NANOS, lane -> (long) lane.peers.size());
    }

    /** Waits until there is none left on any lane; false if there still is at {@code until}. */
    private boolean await(long until, Function<Lane, Long> count) throws InterruptedException {
        while (sum(count) > 0) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return true;
    }

    private LoadReport report(Duration measured, long connected) {
        Tally all = new Tally(plan.isOpenLoop());
        onEach(lane -> {
            all.add(lane.tally);
            return null;
        });
        return all.report(plan, measured, ownCpu, connected);
    }

    private long sum(Function<Lane, Long> count) {
        return onEach(count).stream().mapToLong(Long::longValue).sum();
    }

    /** Asks each lane on its own loop, one after the other. */
    private <T> List<T> onEach(Function<Lane, T> question) {
        List<T> answers = new ArrayList<>();
        for (Lane lane : lanes) {
            answers.add(lane.loop.submit(() -> question.apply(lane)).syncUninterruptibly().getNow());
        }
        return answers;
    }
}
