package dev.duplex.attacks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/** What the buffers of this process hold. */
final class Memory {
    private Memory() {}

    /** Outside the heap, pooled chunks included. */
    static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    }
}
