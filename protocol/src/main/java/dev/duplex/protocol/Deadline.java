package dev.duplex.protocol;

/** By when a frame or message, once begun, must have ended: a fixed time, or as long as it keeps the least average rate. */
final class Deadline {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Limits limits;
    private long begunNanos = NEVER;
    private long bytes;

    Deadline(Limits limits) {
        this.limits = limits;
    }

    /** Starts to run, if it does not. */
    void begin(long nowNanos) {
        if (!isRunning()) {
            begunNanos = nowNanos;
            bytes = 0;
        }
    }

    private boolean isRunning() {
        return begunNanos != NEVER;
    }

    void received(int moreBytes) {
        bytes += moreBytes;
    }

    void clear() {
        begunNanos = NEVER;
    }

    void extend(long nanos) {
        if (isRunning()) {
            begunNanos += nanos;
        }
    }

    boolean isOver(long nowNanos) {
        return isRunning() && nowNanos >= nanos();
    }

    /** In the time that {@link #begin} was told; {@code Long.MAX_VALUE} for never. */
    long nanos() {
        if (!isRunning()) {
            return NEVER;
        }
        int rate = limits.minBytesPerSecond();
        long earned = rate == 0 ? 0 : bytes / rate * NANOS_PER_SECOND;
        long nanos = begunNanos + Math.max(limits.messageDeadlineNanos(), earned);
        return nanos < begunNanos ? NEVER : nanos; // who allows Long.MAX_VALUE means for ever
    }
}
