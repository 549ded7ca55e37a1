package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final LoadPlan plan = LoadPlan.of(URI.create("ws://127.0.0.1/")).withRate(1000);
    private final Lane lane = new Quiet(plan, loop);
    private final List<Long> dues = new ArrayList<>();

    private final Sender sender = new Sender() {
        @Override
        public void send(long dueNanos) {
            dues.add(dueNanos);
        }

        @Override
        public void flush() {
            // Nothing goes anywhere.
        }
    };

    /** A lane without connections. */
    private final class Quiet extends Lane {
        Quiet(LoadPlan plan, EventLoop loop) {
            super(plan, null, loop);
        }

        @Override
        Peer peer(DeflateParameters deflate) {
            throw new AssertionError("nothing is opened");
        }

        @Override
        void begin() {
            pace(List.of(sender), plan.perSecond());
        }

        @Override
        long outstanding() {
            return 0;
        }

        @Override
        void giveUp(long now) {
            // Nothing is under way.
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
    }

    @Test
    void whatWasDueWhileTheLoopWasHeldUpUntilTheEndIsStillSent() throws Exception {
        long end = onLoop(() -> {
            lane.begin();
            long now = heldUpUntilNow();
            lane.stopSending(now);
            return now;
        });
        onLoop(() -> {
            assertThat(lane.left()).isZero();
            assertThat(end - dues.getLast()).isBetween(1L, MILLI);
            assertThat(dues.getLast() - dues.getFirst()).isEqualTo((dues.size() - 1) * MILLI);
            return null;
        });
    }

    @Test
    void whatIsGivenUpUnsentIsUnansweredAndSaid() throws Exception {
        LoadReport report = onLoop(() -> {
            long begin = System.nanoTime();
            lane.tally.measure(begin, Long.MAX_VALUE);
            lane.begin();
            long end = begin + TimeUnit.HOURS.toNanos(1);
            lane.isOver = true;
            lane.stopSending(end);
            assertThat(lane.left()).isGreaterThan(3_000_000);
            lane.stopWaiting(end);
            assertThat(lane.left()).isZero();
            return lane.tally.report(plan, Duration.ofHours(1), Duration.ZERO, 0);
        });
        assertThat(report.unanswered()).isGreaterThan(3_000_000);
        assertThat(report.faults()).anyMatch(fault -> fault.startsWith("messages that were due could not be sent in time"));
    }

    /** At the highest rate, for a day: one by one it would take hours. */
    @Test
    void howeverMuchIsGivenUpIsCountedAtOnce() throws Exception {
        Tally tally = onLoop(() -> {
            Quiet fast = new Quiet(plan.withRate(LoadPlan.MOST_PER_SECOND), loop);
            long begin = System.nanoTime();
            fast.tally.measure(begin, Long.MAX_VALUE);
            fast.begin();
            fast.isOver = true;
            fast.stopSending(begin + TimeUnit.DAYS.toNanos(1));
            fast.stopWaiting(begin + TimeUnit.DAYS.toNanos(1));
            assertThat(fast.left()).isZero();
            return fast.tally;
        });
        assertThat(tally.report(plan, Duration.ofDays(1), Duration.ZERO, 0).unanswered()).isGreaterThan(800_000_000_000L);
    }

    private <T> T onLoop(Callable<T> what) throws Exception {
        return loop.submit(what).get(20, TimeUnit.SECONDS);
    }

    /** The loop does nothing else for a while, so that several messages fall due. */
    private static long heldUpUntilNow() {
        long until = System.nanoTime() + 20 * MILLI;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return System.nanoTime();
    }
}
