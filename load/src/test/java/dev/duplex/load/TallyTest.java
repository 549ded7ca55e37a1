package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long FROM = TimeUnit.SECONDS.toNanos(100);
    private static final long UNTIL = TimeUnit.SECONDS.toNanos(110);

    @Test
    void withARateALatencyCountsFromWhenTheMessageWasDue() {
        Tally tally = measuring(true);
        // The server stood still for 1 s: of the ten messages due meanwhile none has less than what was left of that second.
        for (int i = 0; i < 10; i++) {
            long due = FROM + i * millis(100);
            tally.sent(due, 1);
            tally.answered(due, FROM + millis(1000), false);
        }
        LoadReport report = report(tally);
        assertThat(report.latency().min()).isCloseTo(Duration.ofMillis(100), Duration.ofMillis(1));
        assertThat(report.latency().percentile(50)).isCloseTo(Duration.ofMillis(500), Duration.ofMillis(2));
        assertThat(report.latency().max()).isCloseTo(Duration.ofMillis(1000), Duration.ofMillis(2));
    }

    @Test
    void anAnswerAfterTheEndCountsInTheLatencyAndNotInTheSpeed() {
        Tally tally = measuring(true);
        tally.answered(UNTIL - millis(10), UNTIL + millis(90), false);
        LoadReport report = report(tally);
        assertThat(report.count()).isZero();
        assertThat(report.latency().count()).isOne();
        assertThat(report.latency().max()).isCloseTo(Duration.ofMillis(100), Duration.ofMillis(1));
    }

    @Test
    void anAnswerThatNeverCameHasTakenAtLeastAsLongAsItWasAwaited() {
        Tally tally = measuring(true);
        tally.givenUp(UNTIL - millis(1000), UNTIL + millis(5000));
        LoadReport report = report(tally);
        assertThat(report.unanswered()).isOne();
        assertThat(report.isFaultless()).isFalse();
        assertThat(report.latency().max()).isCloseTo(Duration.ofMillis(6000), Duration.ofMillis(10));
    }

    @Test
    void theWarmUpDoesNotCount() {
        Tally tally = measuring(false);
        tally.sent(FROM - 1, 1);
        tally.answered(FROM - 2, FROM - 1, false);
        tally.answered(FROM - 1, FROM, true);
        LoadReport report = report(tally);
        assertThat(report.count()).isOne();
        assertThat(report.sentCount()).isZero();
        assertThat(report.compressedCount()).isOne();
        assertThat(report.perSecond()).isEqualTo(0.1);
    }

    private static Tally measuring(boolean isOpenLoop) {
        Tally tally = new Tally(isOpenLoop);
        tally.measure(FROM, UNTIL);
        return tally;
    }

    private static LoadReport report(Tally tally) {
        return tally.report(LoadPlan.of(URI.create("ws://127.0.0.1/")), Duration.ofNanos(UNTIL - FROM), Duration.ZERO, 1);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
