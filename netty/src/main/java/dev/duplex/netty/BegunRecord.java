package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A record of TLS of which not all has come yet, and where records end.
 *
 * <pre>
 *   +---------+--------------+-------------+------------
 *   | type (8)| version (16) | length (16) | payload ...     RFC 8446 §5.1
 *   +---------+--------------+-------------+------------
 * </pre>
 */
final class BegunRecord {
    private static final int HEAD_BYTES = 5;
    private static final int LENGTH_AT = 3;

    /** Null if nothing has come of it. */
    private ByteBuf come;

    /** @param come taken over, however many records it is */
    BegunRecord(ByteBuf come) {
        this.come = come;
    }

    /** Whether a whole record stands at the beginning. */
    static boolean isWhole(ByteBuf bytes) {
        return bytes.readableBytes() >= HEAD_BYTES && bytes.readableBytes() >= length(bytes);
    }

    /** How many bytes the first record has, its head with it, which must be there. */
    static int length(ByteBuf bytes) {
        return HEAD_BYTES + bytes.getUnsignedShort(bytes.readerIndex() + LENGTH_AT);
    }

    /** Keeps a copy of what has come of one. */
    void begin(ByteBuf bytes, ByteBufAllocator alloc) {
        come = alloc.directBuffer(bytes.readableBytes()).writeBytes(bytes);
    }

    /** Adds what is missing, and no more. @return all of it, the caller's; null if it is still not whole, or none has begun */
    ByteBuf completed(ByteBuf bytes) {
        if (come == null) {
            return null;
        }
        add(bytes, HEAD_BYTES - come.readableBytes());
        if (come.readableBytes() >= HEAD_BYTES) {
            add(bytes, length(come) - come.readableBytes());
        }
        return isWhole(come) ? take() : null;
    }

    private void add(ByteBuf bytes, int missing) {
        come.writeBytes(bytes, Math.clamp(missing, 0, bytes.readableBytes()));
    }

    /** Leaves what has come to the caller. */
    ByteBuf take() {
        ByteBuf taken = come;
        come = null;
        return taken;
    }

    long heldBytes() {
        return come == null ? 0 : come.capacity();
    }

    void drop() {
        if (come != null) {
            come.release();
            come = null;
        }
    }
}
