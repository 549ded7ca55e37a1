package dev.duplex.netty;

import java.time.Duration;

/** Sees whether a peer has taken none of the bytes that wait for it for too long; used on the loop alone. */
final class WriteWatch {
    private final Wire wire;
    private final long deadlineNanos;
    private boolean isWaiting;
    private long sinceNanos;
    private long pendingBytes;
    private long progressBytes;
    private long writtenBytes;

    /** @param deadline zero for ever */
    WriteWatch(Wire wire, Duration deadline) {
        this.wire = wire;
        this.deadlineNanos = deadline.toNanos();
    }

    boolean isStuck(long nowNanos) {
        return isStuck(nowNanos, 0);
    }

    /** @param written what has left since the beginning, where more is kept behind what the wire has */
    boolean isStuck(long nowNanos, long written) {
        long pending = wire.waitingBytes();
        if (deadlineNanos == 0 || pending == 0) {
            isWaiting = false;
            return false;
        }
        long progress = wire.progress();
        if (!isWaiting || pending < pendingBytes || progress != progressBytes || written != writtenBytes) {
            isWaiting = true;
            sinceNanos = nowNanos;
        }
        pendingBytes = pending;
        progressBytes = progress;
        writtenBytes = written;
        return nowNanos - sinceNanos >= deadlineNanos;
    }
}
