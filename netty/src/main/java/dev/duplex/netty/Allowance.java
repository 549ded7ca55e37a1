package dev.duplex.netty;

import java.util.concurrent.TimeUnit;

/** How often a peer may cause something, in windows of time. */
final class Allowance {
    private final int most;
    private final long windowNanos;
    private long sinceNanos;
    private int count;

    Allowance(int most, int windowSeconds, long nowNanos) {
        this.most = most;
        windowNanos = TimeUnit.SECONDS.toNanos(windowSeconds);
        sinceNanos = nowNanos;
    }

    /** Counts once more. @return false if that is too often */
    boolean allows(long nowNanos) {
        if (nowNanos - sinceNanos >= windowNanos) {
            sinceNanos = nowNanos;
            count = 0;
        }
        return ++count <= most;
    }

    /** So many more are allowed in this window, but none are saved up for later ones. */
    void earn(int more) {
        count = Math.max(0, count - more);
    }
}
