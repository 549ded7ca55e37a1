package dev.duplex.protocol;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The incoming half of permessage-deflate (RFC 7692 §7.2.2).
 *
 * <p>Between messages nothing is kept but, with context takeover, the window. So the inflater itself may end its stream with
 * every message, which is how a message that stops inside a block is told from a whole one: after the tail comes a final
 * block, and only an inflater that was between two blocks sees it as such.
 *
 * <pre>
 *   payload ... 00 | 00 00 ff ff | 01 00 00 ff ff
 *               removed tail       final block, empty
 * </pre>
 */
final class Decompressor {
    private static final byte[] TAIL_AND_FINAL_BLOCK = {0, 0, -1, -1, 1, 0, 0, -1, -1};
    private static final int FINAL_BLOCK_BYTES = 5;
    /** Final blocks that cost a peer little and this end a restart each; beyond them one for each {@code BYTES_PER_RESTART}. */
    private static final int FREE_RESTARTS = 1024;

    private static final int BYTES_PER_RESTART = 32;

    private final int windowBytes;
    private final boolean keepsContext;
    private SlidingWindow window;
    private Inflater inflater;
    private boolean isReleased;
    private byte[] fed;
    private int fedEnd;
    private boolean isLast;
    /** The inflater left room in the last call: no more comes out unless more goes in. */
    private boolean isDrained;

    private boolean isAtTail;
    private long messageBytes;
    private int restarts;

    Decompressor(int windowBits, boolean keepsContext) {
        this.windowBytes = 1 << windowBits;
        this.keepsContext = keepsContext;
    }

    /** As {@link PerMessageDeflate#feed}. */
    void feed(byte[] bytes, int offset, int length, boolean isLastPiece) {
        isLast = isLastPiece;
        if (length == 0) {
            return;
        }
        if (inflater == null) {
            begin();
        }
        fed = bytes;
        fedEnd = offset + length;
        isDrained = false;
        messageBytes += length;
        inflater.setInput(bytes, offset, length);
    }

    /** As {@link PerMessageDeflate#inflate}; each turn uses input, gives output, or is the last. */
    int inflate(byte[] into, int offset, int length) throws DataFormatException {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1: " + length);
        }
        // An empty payload holds no block at all; it is read as an empty message.
        while (inflater != null) {
            int bytes = isDrained ? 0 : inflater.inflate(into, offset, length);
            isDrained = bytes < length;
            if (bytes > 0) {
                accept(into, offset, bytes);
                return bytes;
            }
            if (inflater.finished() ? !continueAfterFinalBlock() : !continueAtEndOfInput()) {
                break;
            }
        }
        return 0;
    }

    /** Native memory that is in use now, and the window. */
    long heldBytes() {
        return (inflater == null ? 0 : ZlibPool.INFLATER_BYTES) + (window == null ? 0 : window.heldBytes());
    }

    void release() {
        isReleased = true;
        window = null;
        end();
    }

    private void begin() {
        if (isReleased) {
            throw new IllegalStateException("the compression of this connection has been released");
        }
        if (window == null) {
            window = new SlidingWindow(windowBytes);
        }
        inflater = ZlibPool.takeInflater();
        window.prime(inflater);
    }

    private void accept(byte[] into, int offset, int bytes) throws DataFormatException {
        if (isAtTail) {
            throw new DataFormatException("the compressed message ends inside a block (RFC 7692 §7.2.1)");
        }
        messageBytes += bytes;
        boolean isWhole = isLast && isDrained && inflater.needsInput() && !inflater.finished();
        if (keepsContext || !isWhole) {
            window.append(into, offset, bytes);
        }
    }

    /** RFC 7692 §7.2.3.4: a final block ends neither the message nor the window. @return whether there is more to inflate */
    private boolean continueAfterFinalBlock() throws DataFormatException {
        int left = inflater.getRemaining();
        if (isAtTail) {
            if (left != 0 && left != FINAL_BLOCK_BYTES) {
                throw new DataFormatException("the compressed message ends inside a final block (RFC 7692 §7.2.1)");
            }
            end();
            return false;
        }
        if (left == 0) {
            // Strictly the byte 00 is missing, but nothing else is: peers that finish their stream are understood.
            if (isLast) {
                end();
            }
            return false;
        }
        // A restart costs about as much as inflating 1 KiB; three bytes of a flood would each ask for one.
        if (++restarts > FREE_RESTARTS + messageBytes / BYTES_PER_RESTART) {
            throw new DataFormatException("the compressed message has " + restarts + " final blocks in " + messageBytes + " bytes");
        }
        inflater.reset();
        window.prime(inflater);
        inflater.setInput(fed, fedEnd - left, left);
        isDrained = false;
        return true;
    }

    private boolean continueAtEndOfInput() throws DataFormatException {
        if (isAtTail) {
            throw new DataFormatException("the compressed message ends inside a block (RFC 7692 §7.2.1)");
        }
        if (isLast) {
            isAtTail = true;
            isDrained = false;
            inflater.setInput(TAIL_AND_FINAL_BLOCK);
        }
        return isLast;
    }

    private void end() {
        if (inflater != null) {
            ZlibPool.give(inflater);
            inflater = null;
        }
        if (!keepsContext) {
            window = null;
        }
        fed = null;
        isAtTail = false;
        messageBytes = 0;
        restarts = 0;
    }
}
