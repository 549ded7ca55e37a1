package dev.duplex.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one way of a connection suffers; none of it until it is asked for.
 *
 * <p>May be changed at any time from any thread, and holds from then on for connections that are open as well. The order of
 * bytes is always kept.
 */
public final class Faults {
    static final long NEVER = Long.MAX_VALUE;

    /** A fault and the byte it waits for, as one value, so that nobody sees half of a change. */
    record Planned(Fault fault, long afterBytes) {}

    private static final Planned NOTHING = new Planned(Fault.VANISH, NEVER);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long delayNanos;
    private volatile long jitterNanos;
    private volatile long bytesPerSecond = NEVER;
    private volatile double loss;
    private volatile Planned planned = NOTHING;

    Faults() {}

    /** How long every byte is under way. */
    public Faults delay(Duration delay) {
        delayNanos = positive(delay);
        return this;
    }

    /** How much longer than the delay a piece may be under way, at random. */
    public Faults jitter(Duration atMost) {
        jitterNanos = positive(atMost);
        return this;
    }

    /** How many bytes pass in a second; what does not fit waits. */
    public Faults bytesPerSecond(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("at least one byte must pass in a second: " + bytes);
        }
        bytesPerSecond = bytes;
        return this;
    }

    /**
     * How many pieces are lost on their way, as TCP shows it: they come a retransmission later, and everything behind them waits.
     *
     * <p>A retransmission takes 200 ms, Linux's least, and the delay there and back.
     *
     * @param share 0 to 1
     */
    public Faults loss(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is 0 to 1: " + share);
        }
        loss = share;
        return this;
    }

    /**
     * Lets a fault happen on each connection once this many of its bytes have passed; it takes the place of the one before.
     *
     * @param bytes 0 or more; those that have passed already count
     */
    public Faults after(long bytes, Fault fault) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a number of bytes is not negative: " + bytes);
        }
        planned = new Planned(Objects.requireNonNull(fault, "fault"), bytes);
        wake();
        return this;
    }

    /** Lets a fault happen as soon as the next byte comes. */
    public Faults now(Fault fault) {
        return after(0, fault);
    }

    /** Takes everything back; who stopped reading reads on, but what has vanished or ended stays so. */
    public Faults heal() {
        delayNanos = 0;
        jitterNanos = 0;
        bytesPerSecond = NEVER;
        loss = 0;
        planned = NOTHING;
        wake();
        return this;
    }

    /** Waits until reading may go on after {@code passed} bytes. */
    void awaitReading(long passed) throws InterruptedException {
        lock.lock();
        try {
            while (stopsReading(passed)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean stopsReading(long passed) {
        Planned now = planned;
        return now.fault == Fault.STOP_READING && passed >= now.afterBytes;
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Planned planned() {
        return planned;
    }

    long delayNanos() {
        return delayNanos;
    }

    long jitterNanos() {
        return jitterNanos;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    double loss() {
        return loss;
    }

    private static long positive(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a time must not be negative: " + duration);
        }
        return duration.toNanos();
    }
}
