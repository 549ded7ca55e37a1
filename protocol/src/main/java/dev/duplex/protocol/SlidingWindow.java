package dev.duplex.protocol;

import java.util.Arrays;
import java.util.zip.Inflater;

/**
 * The last inflated bytes, to which the next block may refer (RFC 7692 §7.2.2).
 *
 * <p>It grows with what has come, up to a quarter above its size, so that bytes move to the front only now and then.
 */
final class SlidingWindow {
    private static final int FIRST_BYTES = 512;

    private final int windowBytes;
    private byte[] bytes = {};
    private int end;

    SlidingWindow(int windowBytes) {
        this.windowBytes = windowBytes;
    }

    void append(byte[] from, int offset, int length) {
        int taken = Math.min(length, windowBytes);
        if (end + taken > bytes.length) {
            makeRoom(taken);
        }
        System.arraycopy(from, offset + length - taken, bytes, end, taken);
        end += taken;
    }

    /** Lets an inflater at the start of a stream refer to the window. */
    void prime(Inflater inflater) {
        int kept = Math.min(end, windowBytes);
        if (kept > 0) {
            inflater.setDictionary(bytes, end - kept, kept);
        }
    }

    int heldBytes() {
        return bytes.length;
    }

    private void makeRoom(int taken) {
        int largest = windowBytes + windowBytes / 4;
        if (end + taken <= largest) {
            int grown = Math.max(Math.max(FIRST_BYTES, 2 * bytes.length), end + taken);
            bytes = Arrays.copyOf(bytes, Math.min(grown, largest));
            return;
        }
        int kept = Math.min(end, windowBytes - taken);
        byte[] target = bytes.length >= windowBytes ? bytes : new byte[largest];
        System.arraycopy(bytes, end - kept, target, 0, kept);
        bytes = target;
        end = kept;
    }
}
