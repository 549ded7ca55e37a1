package dev.duplex.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Idle compressors and decompressors, taken for a message and given back after it.
 *
 * <p>To make one costs more than to compress a small message with it. A kind keeps at most as many as can be busy at once,
 * one for each processor (of 256 KiB a compressor, 100 KiB one for small messages, 40 KiB a decompressor); what comes beyond that is ended at once. Any thread
 * may take and give; a slot changes by one atomic step.
 */
final class ZlibPool {
    /** zlib's manual, "Memory Footprint": two windows of 32 KiB, four tables of 32 K entries, and a queue. */
    static final int DEFLATER_BYTES = 256 * 1024;

    /** The same for inflating: a window of 32 KiB, and code tables. */
    static final int INFLATER_BYTES = 40 * 1024;

    private static final int SLOTS = Math.max(4, Runtime.getRuntime().availableProcessors());
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final Object[] SMALL_DEFLATERS = new Object[SLOTS];
    private static final Object[] INFLATERS = new Object[SLOTS];
    private static final Object[][] DEFLATERS_BY_LEVEL = new Object[Deflater.BEST_COMPRESSION + 1][SLOTS];

    /** One number, in an array because a handle on that needs no reflection. */
    private static final int[] LIVE = new int[1];

    private ZlibPool() {}

    static Deflater takeDeflater(int level) {
        Deflater idle = (Deflater) take(DEFLATERS_BY_LEVEL[level]);
        if (idle != null) {
            return idle;
        }
        Deflater made = new Deflater(level, true);
        COUNT.getAndAdd(LIVE, 0, 1);
        return made;
    }

    static Inflater takeInflater() {
        Inflater idle = (Inflater) take(INFLATERS);
        if (idle != null) {
            return idle;
        }
        Inflater made = new Inflater(true);
        COUNT.getAndAdd(LIVE, 0, 1);
        return made;
    }

    /** One without native memory, which the collector may have at any time. */
    static SmallDeflater takeSmallDeflater() {
        SmallDeflater idle = (SmallDeflater) take(SMALL_DEFLATERS);
        return idle != null ? idle : new SmallDeflater();
    }

    static void give(SmallDeflater deflater) {
        put(SMALL_DEFLATERS, deflater);
    }

    /** Takes one back in whatever state it is. */
    static void give(Deflater deflater, int level) {
        deflater.reset();
        if (!put(DEFLATERS_BY_LEVEL[level], deflater)) {
            deflater.end();
            COUNT.getAndAdd(LIVE, 0, -1);
        }
    }

    /** Takes one back in whatever state it is. */
    static void give(Inflater inflater) {
        inflater.reset();
        if (!put(INFLATERS, inflater)) {
            inflater.end();
            COUNT.getAndAdd(LIVE, 0, -1);
        }
    }

    /** How many exist that have native memory, idle ones counted. */
    static int live() {
        return (int) COUNT.getVolatile(LIVE, 0);
    }

    /** How many of those are idle. */
    static int idle() {
        int idle = count(INFLATERS);
        for (Object[] slots : DEFLATERS_BY_LEVEL) {
            idle += count(slots);
        }
        return idle;
    }

    private static Object take(Object[] slots) {
        Object idle = null;
        for (int i = 0; i < slots.length && idle == null; i++) {
            if (SLOT.getAcquire(slots, i) != null) {
                idle = SLOT.getAndSet(slots, i, null); // null if another thread was faster
            }
        }
        return idle;
    }

    private static boolean put(Object[] slots, Object idle) {
        boolean isPut = false;
        for (int i = 0; i < slots.length && !isPut; i++) {
            if (SLOT.getAcquire(slots, i) == null) {
                isPut = SLOT.compareAndSet(slots, i, null, idle); // false if another thread was faster
            }
        }
        return isPut;
    }

    private static int count(Object[] slots) {
        int idle = 0;
        for (int i = 0; i < slots.length; i++) {
            idle += SLOT.getAcquire(slots, i) == null ? 0 : 1;
        }
        return idle;
    }
}
