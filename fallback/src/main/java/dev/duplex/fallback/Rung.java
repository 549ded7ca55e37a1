package dev.duplex.fallback;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Where one connection stands on the ladder: one step down when a rung does not hold, one up after a while.
 *
 * <p>Used by the two threads of a {@link Link}; each method but {@link #mayRetry}, {@link #takesNothing} and {@link #sent} by the one that fetches.
 */
final class Rung {
    /** After so many failures at once, a rung does not hold. */
    private static final int FAILURES = 3;

    /** So many POSTs in a row must fail before this end gives up sending: each may take as long as the patience with all of them. */
    static final int POSTS = 6;

    private static final int MOST_DOUBLINGS = 5;
    static final long SHORTEST_HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 2000;

    private final List<Delivery> deliveries;
    private final LadderClient.Terms terms;
    private Duration hold = Session.MOST_HELD;
    private int step;
    private int climbs;
    private int failures;
    /** Responses in a row that brought nothing and did not wait for anything, the last of them some time ago. */
    private int empties;
    private long pausedNanos = System.nanoTime() - SHORTEST_HOLD_NANOS;
    private long steppedNanos;
    private volatile long throughNanos = System.nanoTime();
    private int upFailures;
    private long upFailedNanos;

    Rung(List<Delivery> deliveries, LadderClient.Terms terms) {
        this.deliveries = deliveries;
        this.terms = terms;
    }

    Delivery delivery() {
        if (step > 0 && System.nanoTime() - steppedNanos >= terms.climbAfter().toNanos() << Math.min(climbs, MOST_DOUBLINGS)) {
            step--;
            climbs++;
            failures = FAILURES - 1; // one failure is enough to step down again
            steppedNanos = System.nanoTime();
        }
        return deliveries.get(step);
    }

    Duration hold() {
        return hold;
    }

    Duration proof() {
        return terms.proof();
    }

    /** A response came to its end as it should. */
    void held() {
        failures = 0;
        throughNanos = System.nanoTime();
    }

    /** Bytes came: whatever broke before, this rung carries. */
    void progressed() {
        failures = 0;
        empties = 0;
        throughNanos = System.nanoTime();
    }

    /**
     * A response broke, or never came.
     *
     * @return whether there is any use in going on
     */
    boolean failed(Delivery delivery, long livedNanos) throws InterruptedException {
        boolean wasCut = livedNanos >= SHORTEST_HOLD_NANOS;
        if (delivery == Delivery.LONG && wasCut) {
            // Something between gives up sooner than the server answers: the next one is held for less.
            hold = shorter(hold, livedNanos);
        }
        failures++;
        empties = 0;
        boolean neverCame = delivery.isStreamed() && System.nanoTime() - throughNanos >= livedNanos;
        if (step < deliveries.size() - 1 && (neverCame || failures >= FAILURES)) {
            step++;
            failures = 0;
            steppedNanos = System.nanoTime();
            return true;
        }
        if (System.nanoTime() - throughNanos >= terms.patience().toNanos()) {
            return false;
        }
        Thread.sleep(delayMillis(failures));
        return true;
    }

    /** What to ask for next, where a request was given up after this long: less than that. */
    static Duration shorter(Duration hold, long livedNanos) {
        return Duration.ofNanos(Math.max(SHORTEST_HOLD_NANOS, Math.min(hold.toNanos(), livedNanos) * 3 / 4));
    }

    /** Polling waits between its requests; so does whoever is answered at once, again and again, that there is nothing. */
    void pause() throws InterruptedException {
        if (deliveries.get(step) == Delivery.POLL) {
            Thread.sleep(terms.pollInterval());
        } else if (System.nanoTime() - pausedNanos >= SHORTEST_HOLD_NANOS / 2) {
            empties = 0;
        } else if (++empties > 1) {
            Thread.sleep(delayMillis(empties));
        }
        pausedNanos = System.nanoTime();
    }

    /** A POST came through. */
    void sent() {
        upFailures = 0;
        throughNanos = System.nanoTime();
    }

    /** A POST did not: whether it may be made again, after a while. */
    boolean mayRetry() throws InterruptedException {
        if (++upFailures == 1) {
            upFailedNanos = System.nanoTime();
        }
        Thread.sleep(delayMillis(upFailures));
        return System.nanoTime() - throughNanos < terms.patience().toNanos();
    }

    /** Whether no POST has come through for so long that none will, whatever else comes from the server. */
    boolean takesNothing() {
        return upFailures >= POSTS && System.nanoTime() - upFailedNanos >= terms.patience().toNanos();
    }

    private static long delayMillis(int failures) {
        long bound = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures, 10));
        return ThreadLocalRandom.current().nextLong(bound / 2, bound + 1);
    }
}
