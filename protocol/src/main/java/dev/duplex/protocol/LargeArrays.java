package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The arrays of large messages that are over, for the next messages of the same length; of one thread, for all its connections.
 *
 * <p>A new array is filled with zeros before anything is read into it, and a collector of garbage moves it: together that costs
 * as much as receiving a message of 1 MiB.
 */
public final class LargeArrays {
    /** Shorter ones are cheap to make anew. */
    static final int SHORTEST_BYTES = 64 * 1024;
    /** So much is kept. */
    static final int MOST_BYTES = 4 * 1024 * 1024;

    private final List<byte[]> kept = new ArrayList<>();
    private int keptBytes;
    private boolean isInUse;

    /** Keeps nothing yet. */
    public LargeArrays() {}

    /** An array of just this length, with whatever is in it, the caller's until it gives it back or forgets it; null if there is none. */
    byte[] take(long length) {
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.get(i).length == length) {
                isInUse = true;
                keptBytes -= (int) length;
                return kept.remove(i);
            }
        }
        return null;
    }

    /** Keeps an array that nobody uses any more, if it is large and there is room. */
    public void giveBack(byte[] array) {
        if (array.length >= SHORTEST_BYTES && keptBytes + array.length <= MOST_BYTES) {
            isInUse = true;
            keptBytes += array.length;
            kept.add(array);
        }
    }

    /** Time goes by: what was not used since the last call is let go. */
    public void age() {
        if (!isInUse) {
            kept.clear();
            keptBytes = 0;
        }
        isInUse = false;
    }
}
