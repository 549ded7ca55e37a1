package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A buffer that all connections of a loop use, one after the other: who keeps something of it makes a copy. */
final class LoopBuffer {
    private final int bytes;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

    LoopBuffer(int bytes) {
        this.bytes = bytes;
    }

    /** It, empty, and nobody else's; one that somebody still holds is left to that one. */
    ByteBuf cleared() {
        if (buffer.refCnt() != 1 || buffer.capacity() == 0) {
            buffer.release();
            buffer = Unpooled.directBuffer(bytes, bytes);
        }
        return buffer.clear();
    }

    void end() {
        buffer.release();
        buffer = Unpooled.EMPTY_BUFFER;
    }
}
