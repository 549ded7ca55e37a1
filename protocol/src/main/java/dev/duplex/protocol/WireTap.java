package dev.duplex.protocol;

/** Sees handshake, frames and end of one connection as they pass, for people who watch; called on the owner's thread. */
@FunctionalInterface
public interface WireTap {

    /** Which way a frame goes, seen from this end. */
    enum Direction { IN, OUT }

    /** The opening handshake as it went over the wire, before the first frame; for taps that watch a whole connection. */
    default void opened(OpeningRequest request, OpeningResponse response) {}

    /** The end, after the last frame. */
    default void closed(CloseReason reason) {}

    /** After {@link #closed}: who ended the connection and how, and what had passed, in one line for people. */
    default void ended(String report) {}

    /**
     * A frame passed.
     *
     * @param direction seen from this end
     * @param opcode 0 to 15 (RFC 6455 §5.2)
     * @param isFinal the FIN bit
     * @param isCompressed the RSV1 bit
     * @param isMasked the MASK bit
     * @param payloadBytes the length as it stands in the header
     */
    void frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed, boolean isMasked, long payloadBytes);
}
