package dev.duplex.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one event loop has counted; touched by that loop alone until the load has ended. */
final class Tally {
    /** Three digits, as people read them, up to an hour. */
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int DIGITS = 3;
    private static final int MOST_FAULTS = 5;

    private final boolean isOpenLoop;
    private final Histogram latencies = histogram();
    private Histogram recent = histogram();
    private final Set<String> faults = new LinkedHashSet<>();
    private long from = Long.MAX_VALUE;
    private long until = Long.MAX_VALUE;
    private long count;
    private long sent;
    private long compressed;
    private long unanswered;
    private long wrong;
    private long lost;

    Tally(boolean isOpenLoop) {
        this.isOpenLoop = isOpenLoop;
    }

    static Histogram histogram() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }

    /** Measures from one moment of {@link System#nanoTime} to another. */
    void measure(long fromNanos, long untilNanos) {
        from = fromNanos;
        until = untilNanos;
    }

    /** Ends the measurement early. */
    void measureUntil(long untilNanos) {
        until = Math.min(until, untilNanos);
    }

    void sent(long dueNanos, int messages) {
        if (isMeasured(dueNanos)) {
            sent += messages;
        }
    }

    /**
     * Counts an answer. Its latency runs from the moment at which the message was to be sent: with a rate, a message that had to
     * wait because the server was busy has waited, even if it was not yet on its way. So nothing is left out that a slow server
     * kept from being sent.
     */
    void answered(long dueNanos, long now, boolean isCompressed) {
        long latency = Math.clamp(now - dueNanos, 0, LONGEST_NANOS);
        recent.recordValue(latency);
        boolean cameInTime = isMeasured(now);
        if (cameInTime) {
            count++;
            if (isCompressed) {
                compressed++;
            }
        }
        if (isOpenLoop ? isMeasured(dueNanos) : cameInTime) {
            latencies.recordValue(latency);
        }
    }

    /** Counts connections that were open all the time. */
    void held(int connections) {
        count += connections;
    }

    /** Counts a message that nobody waits for any longer; so long, at least, its answer has taken. */
    void givenUp(long dueNanos, long now) {
        givenUp(1, dueNanos, now);
    }

    private void givenUp(long messages, long dueNanos, long now) {
        if (isMeasured(dueNanos)) {
            unanswered += messages;
            latencies.recordValueWithCount(Math.clamp(now - dueNanos, 0, LONGEST_NANOS), messages);
        }
    }

    /** Counts messages that this load itself did not come to send, as if all had been due with the first of them. */
    void unsent(long messages, long dueNanos, long now) {
        givenUp(messages, dueNanos, now);
        fault("messages that were due could not be sent in time: that many a second are more than this load can send");
    }

    void wrong(String how) {
        wrong++;
        fault(how);
    }

    void lost(String how) {
        lost++;
        fault(how);
    }

    private void fault(String how) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(how);
        }
    }

    private boolean isMeasured(long moment) {
        return moment - from >= 0 && moment - until < 0 && from != Long.MAX_VALUE;
    }

    /** The latencies since this was last called. */
    Histogram takeRecent() {
        Histogram taken = recent;
        recent = histogram();
        return taken;
    }

    /** Adds another loop's counts. */
    void add(Tally other) {
        latencies.add(other.latencies);
        count += other.count;
        sent += other.sent;
        compressed += other.compressed;
        unanswered += other.unanswered;
        wrong += other.wrong;
        lost += other.lost;
        other.faults.forEach(this::fault);
    }

    LoadReport report(LoadPlan plan, Duration elapsed, Duration ownCpu, long connected) {
        List<String> all = new ArrayList<>(faults);
        if (count == 0) {
            all.add("nothing was counted");
        }
        return new LoadReport(plan, elapsed, count, sent, compressed, unanswered, wrong, lost,
                List.copyOf(all), ownCpu, connected, new LoadReport.Latency(latencies));
    }
}
