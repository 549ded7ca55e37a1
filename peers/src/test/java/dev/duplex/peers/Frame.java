package dev.duplex.peers;

import dev.duplex.protocol.WireTap;
import dev.duplex.protocol.WireTap.Direction;
import java.util.Queue;

/** What a wire tap saw of one frame. */
record Frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed) {

    static WireTap into(Queue<Frame> seen) {
        return (direction, opcode, isFinal, isCompressed, isMasked, payloadBytes) ->
                seen.add(new Frame(direction, opcode, isFinal, isCompressed));
    }

    /** Whether it is a piece of a message that more pieces follow. */
    boolean isFragment(Direction way) {
        return direction == way && !isFinal;
    }

    boolean isCompressed(Direction way) {
        return direction == way && isCompressed;
    }
}
