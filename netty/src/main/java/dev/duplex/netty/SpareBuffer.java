package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The buffer that a loop's connections fill one after the other: what was just written is still in the processor's cache. */
final class SpareBuffer {
    private ByteBuf spare;

    /** A buffer for at least so many bytes, the caller's until it gives it back or releases it. */
    ByteBuf take(int bytes, ByteBufAllocator alloc) {
        ByteBuf taken = spare;
        if (taken == null || taken.capacity() < bytes) {
            return alloc.directBuffer(bytes);
        }
        spare = null;
        return taken;
    }

    /** The larger one is kept. */
    void giveBack(ByteBuf taken) {
        ByteBuf smaller = taken;
        if (spare == null || spare.capacity() < taken.capacity()) {
            smaller = spare;
            spare = taken.clear();
        }
        if (smaller != null) {
            smaller.release();
        }
    }

    void end() {
        if (spare != null) {
            spare.release();
            spare = null;
        }
    }
}
