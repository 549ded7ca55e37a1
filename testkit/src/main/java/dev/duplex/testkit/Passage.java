package dev.duplex.testkit;

import java.util.Arrays;
import java.util.Random;

/** The way of one connection's bytes through its {@link Faults}: what passes, when, and what ends it. One thread at a time. */
final class Passage {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The least time after which Linux sends again what was not acknowledged (TCP_RTO_MIN). */
    private static final long RETRANSMISSION_NANOS = 200_000_000L;

    /** Something that leaves at its time: bytes, or a fault that ends the way. */
    record Parcel(long dueNanos, byte[] bytes, Fault fault) {}

    private final Faults faults;
    private final Random random;
    private long passed;
    private long lineFreeNanos = Long.MIN_VALUE;
    private long lastDueNanos = Long.MIN_VALUE;
    private boolean isOver;

    /** @param seed of the jitter: the same seed gives the same times */
    Passage(Faults faults, long seed) {
        this.faults = faults;
        random = new Random(seed);
    }

    long passedBytes() {
        return passed;
    }

    /** How many of {@code length} bytes may pass before a fault that is planned. */
    int clear(int length) {
        return isOver ? 0 : Math.clamp(faults.planned().afterBytes() - passed, 0, length);
    }

    /** Lets bytes pass. */
    Parcel pass(byte[] bytes, int from, int to, long nowNanos) {
        passed += to - from;
        return new Parcel(due(to - from, nowNanos), Arrays.copyOfRange(bytes, from, to), null);
    }

    /** The fault at this place, once; null if what remains is merely lost, or waits for the reader. */
    Parcel fault(long nowNanos) {
        Faults.Planned planned = faults.planned();
        if (isOver || planned.fault() == Fault.STOP_READING || passed < planned.afterBytes()) {
            return null;
        }
        return end(planned.fault(), nowNanos);
    }

    /** The sender itself has ended this way. */
    Parcel end(Fault how, long nowNanos) {
        if (isOver) {
            return null;
        }
        isOver = true;
        return how == Fault.VANISH ? null : new Parcel(due(0, nowNanos), null, how);
    }

    private long retransmission(int bytes) {
        double loss = faults.loss();
        boolean isLost = bytes > 0 && loss > 0 && random.nextDouble() < loss;
        return isLost ? RETRANSMISSION_NANOS + 2 * faults.delayNanos() : 0;
    }

    private long due(int bytes, long nowNanos) {
        long rate = faults.bytesPerSecond();
        lineFreeNanos = Math.max(lineFreeNanos, nowNanos) + (rate == Faults.NEVER ? 0 : bytes * NANOS_PER_SECOND / rate);
        long jitter = faults.jitterNanos();
        long due = lineFreeNanos + faults.delayNanos() + (jitter == 0 ? 0 : random.nextLong(jitter + 1)) + retransmission(bytes);
        lastDueNanos = Math.max(lastDueNanos, due);
        return lastDueNanos;
    }
}
