package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * The outgoing half of permessage-deflate (RFC 7692 §7.2.1).
 *
 * <p>{@link Deflater} always searches 32 KiB back. Where less was agreed, the data is cut with FULL_FLUSH, which forgets all
 * that came before:
 *
 * <pre>
 *   bytes     |---- 2^N ----|---- 2^N ----|---- 2^N ----|     counted across messages if the context is kept
 *   flush                  FULL          FULL          FULL
 *   distance  |..........<--| at most 2^N - 1, since no reference crosses a cut
 * </pre>
 */
final class Compressor {
    private static final int LARGEST_WINDOW_BITS = 15;
    private static final int TAIL_BYTES = 4;
    /** A flush into six bytes or less could repeat its marker for ever (zlib's manual, deflate). */
    private static final int LEAST_ROOM_BYTES = 16;

    private static final int FIRST_ROOM_BYTES = 8 * 1024;
    private static final byte[] NOTHING = {};

    private final int level;
    private final int windowBytes;
    private final boolean keepsContext;
    private final int maxBytes;
    private Deflater deflater;
    private boolean isReleased;
    /** Bytes since the last cut; counted only if {@code windowBytes} is less than zlib's own. */
    private int sinceCut;

    private byte[] out = NOTHING;
    private int outBytes;

    Compressor(int level, int windowBits, boolean keepsContext) {
        this(level, windowBits, keepsContext, Limits.LARGEST_MESSAGE_BYTES);
    }

    /** @param maxBytes the most that one call of {@link #deflate} may make */
    Compressor(int level, int windowBits, boolean keepsContext, int maxBytes) {
        this.level = level;
        this.windowBytes = windowBits == LARGEST_WINDOW_BITS ? Integer.MAX_VALUE : 1 << windowBits;
        this.keepsContext = keepsContext;
        this.maxBytes = maxBytes;
    }

    /** As {@link PerMessageDeflate#deflate}. */
    ByteBuffer deflate(byte[] bytes, int offset, int length, boolean isLast) {
        if (isLast && isSmallAndAlone(length)) {
            requireUnreleased();
            return deflateSmall(bytes, offset, length);
        }
        if (length > 0) {
            begin(length);
            deflateInWindows(bytes, offset, length);
        }
        ByteBuffer result = isLast ? withoutTail() : ByteBuffer.wrap(out, 0, outBytes);
        letGoOfOut();
        if (isLast && !keepsContext) {
            giveBack();
        }
        return result;
    }

    /** Native memory that is in use now. */
    long heldBytes() {
        return deflater == null ? 0 : ZlibPool.DEFLATER_BYTES;
    }

    void release() {
        isReleased = true;
        giveBack();
    }

    /** Whether what is to be compressed refers to nothing before it, nor anything after it to it, and is best not left to zlib. */
    private boolean isSmallAndAlone(int length) {
        return !keepsContext && deflater == null && length > 0 && length <= Math.min(SmallDeflater.MAX_BYTES, windowBytes);
    }

    private ByteBuffer deflateSmall(byte[] bytes, int offset, int length) {
        SmallDeflater small = ZlibPool.takeSmallDeflater();
        ByteBuffer payload = small.deflate(bytes, offset, length, level);
        ZlibPool.give(small);
        return payload;
    }

    private void requireUnreleased() {
        if (isReleased) {
            throw new IllegalStateException("the compression of this connection has been released");
        }
    }

    private void begin(int length) {
        if (deflater == null) {
            requireUnreleased();
            deflater = ZlibPool.takeDeflater(level);
        }
        out = new byte[Math.min(FIRST_ROOM_BYTES, length) + LEAST_ROOM_BYTES];
    }

    private void deflateInWindows(byte[] bytes, int offset, int length) {
        int end = offset + length;
        while (offset < end) {
            int piece = Math.min(end - offset, windowBytes - sinceCut);
            deflater.setInput(bytes, offset, piece);
            offset += piece;
            sinceCut = windowBytes == Integer.MAX_VALUE ? 0 : sinceCut + piece;
            boolean isCut = sinceCut == windowBytes;
            // What is not cut is the end: SYNC_FLUSH, because a part that was sent must not wait in the compressor.
            flush(isCut ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH);
            if (isCut) {
                sinceCut = 0;
            }
        }
        deflater.setInput(NOTHING); // else an idle connection would hold the whole message
    }

    /** A flush is complete when it leaves room. */
    private void flush(int mode) {
        int room;
        int written;
        do {
            if (out.length - outBytes < LEAST_ROOM_BYTES) {
                grow();
            }
            room = out.length - outBytes;
            written = deflater.deflate(out, outBytes, room, mode);
            outBytes += written;
        } while (written == room);
    }

    private void grow() {
        if (out.length >= maxBytes) {
            // Nothing may refer to what the peer will not get: the next message is compressed as if it were the first.
            letGoOfOut();
            giveBack();
            throw new IllegalArgumentException("a message this large that does not shrink must be sent in parts, or uncompressed");
        }
        out = Arrays.copyOf(out, (int) Math.min(2L * out.length, maxBytes));
    }

    private void letGoOfOut() {
        out = NOTHING;
        outBytes = 0;
    }

    /** RFC 7692 §7.2.3.6: nothing, or nothing more, is the first byte of an empty block whose rest is the tail. */
    private ByteBuffer withoutTail() {
        return outBytes == 0 ? ByteBuffer.wrap(new byte[1]) : ByteBuffer.wrap(out, 0, outBytes - TAIL_BYTES);
    }

    private void giveBack() {
        if (deflater != null) {
            ZlibPool.give(deflater, level);
            deflater = null;
        }
        sinceCut = 0;
    }
}
