package dev.duplex.netty;

import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;

/** Something that a thread leaves to the loop to send or do, linked to what was posted before it. */
final class Posted {
    final Object what;
    final int bytes;
    Departure departure;
    Posted next;

    Posted(Object what, int bytes, Departure departure) {
        this.what = what;
        this.bytes = bytes;
        this.departure = departure;
    }

    /** Whole messages that follow one another leave together; parts and commands stand alone. */
    boolean leavesWith(Posted other) {
        return other != null && isWhole(what) && isWhole(other.what);
    }

    /** The same list with its first element last. */
    static Posted reversed(Posted newest) {
        Posted oldest = null;
        for (Posted p = newest; p != null; ) {
            Posted earlier = p.next;
            p.next = oldest;
            oldest = p;
            p = earlier;
        }
        return oldest;
    }

    static boolean isWhole(Object what) {
        return what instanceof Message || what instanceof PreparedMessage;
    }
}
