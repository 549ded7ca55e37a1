package dev.duplex.protocol;

/** By when a frame or message, once begun, must have ended: a fixed time, or as long as it keeps the least average rate. */
final class Deadline {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long allowedNanos;
    private final int minBytesPerSecond;
    private boolean isRunning;
    private long begunNanos;
    private long bytes;

    Deadline(Limits limits) {
        allowedNanos = limits.messageDeadlineNanos();
        minBytesPerSecond = limits.minBytesPerSecond();
    }

    /** Starts to run, if it does not. */
    void begin(long nowNanos) {
        if (!isRunning) {
            isRunning = true;
            begunNanos = nowNanos;
            bytes = 0;
        }
    }

    void received(int moreBytes) {
        bytes += moreBytes;
    }

    void clear() {
        isRunning = false;
    }

    void extend(long nanos) {
        begunNanos += nanos;
    }

    boolean isOver(long nowNanos) {
        return isRunning && nowNanos >= nanos();
    }

    /** In the time that {@link #begin} was told; {@code Long.MAX_VALUE} for never. */
    long nanos() {
        if (!isRunning) {
            return NEVER;
        }
        long earned = minBytesPerSecond == 0 ? 0 : bytes / minBytesPerSecond * NANOS_PER_SECOND;
        long nanos = begunNanos + Math.max(allowedNanos, earned);
        return nanos < begunNanos ? NEVER : nanos; // who allows Long.MAX_VALUE means for ever
    }
}
