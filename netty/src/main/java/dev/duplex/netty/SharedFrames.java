package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The prepared frames that wait on the connections of one event loop: one copy outside the heap, however many wait with it.
 *
 * <p>One for each loop, so that nothing is counted in common between threads. Used on its loop alone.
 */
final class SharedFrames {
    private final Map<byte[], Frame> waiting = new IdentityHashMap<>();
    private byte[] last;
    private ByteBuf copyOfLast = Unpooled.EMPTY_BUFFER;

    /** One frame, held by each connection that has still to write it. */
    final class Frame {
        private final byte[] origin;
        private final MemoryBudget budget;
        private final ByteBuf bytes;
        private int holders;

        private Frame(byte[] origin, ByteBufAllocator allocator, MemoryBudget budget) {
            this.origin = origin;
            this.budget = budget;
            bytes = allocator.directBuffer(origin.length).writeBytes(origin);
            count(2L * origin.length); // here, and the array
        }

        /** Written from, never to. */
        ByteBuf bytes() {
            return bytes;
        }

        /** One connection less. */
        void release() {
            if (--holders == 0) {
                waiting.remove(origin);
                bytes.release();
                count(-2L * origin.length);
            }
        }

        private void count(long change) {
            if (budget != null) {
                budget.add(change);
            }
        }
    }

    /**
     * The copy of a frame, held once more, until {@link Frame#release}.
     *
     * @param budget where the first to wait counts it; may be null
     */
    Frame hold(byte[] frame, ByteBufAllocator allocator, MemoryBudget budget) {
        Frame shared = waiting.get(frame);
        if (shared == null) {
            shared = new Frame(frame, allocator, budget);
            waiting.put(frame, shared);
        }
        shared.holders++;
        return shared;
    }

    /** A copy of a small frame that goes to many at this moment; stays the caller's until the next call. */
    ByteBuf passing(byte[] frame) {
        if (frame != last) {
            if (copyOfLast.capacity() < frame.length) {
                copyOfLast.release();
                copyOfLast = Unpooled.directBuffer(frame.length);
            }
            copyOfLast.clear().writeBytes(frame);
            last = frame;
        }
        return copyOfLast;
    }

    /** The loop has ended. */
    void end() {
        copyOfLast.release();
        copyOfLast = Unpooled.EMPTY_BUFFER;
        last = null;
    }

    /** How many different frames wait. */
    int size() {
        return waiting.size();
    }
}
