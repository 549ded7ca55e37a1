package dev.duplex.fallback;

import java.util.Arrays;

/**
 * The bytes that were sent and are not yet known to have come; numbered from the connection's first byte on.
 *
 * <pre>
 *   0 …… acknowledged ──── kept, to be sent again ──── end
 *                    start                             end ≤ start + window
 * </pre>
 */
final class SendBuffer {
    /** As much as TCP keeps for a good connection; what does not fit waits where backpressure sees it. */
    static final int WINDOW_BYTES = 256 * 1024;

    private byte[] bytes = {};
    private int length;
    private long start;

    /** The number of the first byte that is kept. */
    long start() {
        return start;
    }

    /** The number of the byte after the last. */
    long end() {
        return start + length;
    }

    /** The memory in use, which may be more than the bytes that are kept. */
    int heldBytes() {
        return bytes.length;
    }

    int room() {
        return WINDOW_BYTES - length;
    }

    void add(byte[] more) {
        if (more.length > room()) {
            throw new IllegalStateException("no room for " + more.length + " bytes");
        }
        if (length + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(WINDOW_BYTES, Math.max(length + more.length, 2 * bytes.length)));
        }
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    /** Forgets what has come; false if the number is of no byte that was sent, or of one that was acknowledged long ago. */
    boolean acknowledge(long upTo) {
        if (upTo < start || upTo > end()) {
            return false;
        }
        int known = (int) (upTo - start);
        length -= known;
        start = upTo;
        if (length == 0) {
            bytes = new byte[0]; // an idle connection holds nothing
        } else if (known > 0) {
            System.arraycopy(bytes, known, bytes, 0, length);
        }
        return true;
    }

    /** A copy of what was sent from a number on, at most so many bytes. */
    byte[] from(long number, int most) {
        int at = (int) (number - start);
        return Arrays.copyOfRange(bytes, at, at + Math.min(most, length - at));
    }
}
