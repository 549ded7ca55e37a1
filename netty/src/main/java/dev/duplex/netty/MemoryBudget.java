package dev.duplex.netty;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the connections of one server hold together, and how much that may be; used from every loop.
 *
 * <pre>
 *   0 ──────────────────────── 3/4 ─────────── 1    of the budget
 *     everyone is let in         newcomers: 503   who has more than its share and takes more: 1013
 * </pre>
 *
 * <p>A share is 64 KiB, or less if that many connections could not all have it: so all of them together stay within the budget.
 */
final class MemoryBudget {
    /** Counted for every connection: its objects, and what it holds without telling, which is less than a step. */
    static final int CONNECTION_BYTES = 8 * 1024;
    /** Counted besides for TLS: the engine's state and its buffers. */
    static final int TLS_BYTES = 48 * 1024;
    /** Counted besides for HTTP/2: the codec's objects, and its two tables, which hold more than the 4 KiB of what they stand for. */
    static final int HTTP2_BYTES = 16 * 1024;
    /** Counted for each byte of a frame, or of a head in several, that has come in part: buffers that grow, and are copied. */
    static final int BYTES_PER_GATHERED_BYTE = 3;
    /** A connection tells of changes that are at least this large, so that small messages cost nothing here. */
    static final int STEP_BYTES = 4 * 1024;
    /** What a connection may always hold that is not the largest of many. */
    static final int SHARE_BYTES = 64 * 1024;

    private final long bytes;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();

    MemoryBudget(long bytes) {
        this.bytes = bytes;
    }

    /** Half of what this process may have, of heap or of direct memory: the rest is the application's and the collector's. */
    static long standardBytes() {
        return Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory()) / 2;
    }

    /** A connection has come, or gone. */
    void add(int connectionBytes, int number) {
        connections.addAndGet(number);
        held.addAndGet((long) connectionBytes * number);
    }

    /** Some connection holds more than before, or less. */
    void add(long change) {
        held.addAndGet(change);
    }

    long heldBytes() {
        return held.get();
    }

    /** Whether no newcomer can be let in. */
    boolean isShort() {
        return held.get() > bytes - bytes / 4;
    }

    /** Whether nobody can be given more. */
    boolean isUsedUp() {
        return held.get() > bytes;
    }

    long shareBytes() {
        return Math.min(SHARE_BYTES, bytes / Math.max(1, connections.get()));
    }
}
