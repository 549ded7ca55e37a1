package dev.duplex.api;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;

/**
 * Is told what happens on one connection, always on that connection's owner thread, one call at a time.
 *
 * <p>A callback must not block: everything else on the same event loop would wait. One that throws closes the connection
 * with 1011. To write blocking code, see {@link Endpoint#conversation}.
 */
public interface Listener {

    /** The connection is open; the first call. */
    default void onOpen(Connection connection) {}

    /** A whole message came; its bytes are the listener's. */
    default void onMessage(Connection connection, Message message) {}

    /** A part of a message came; only if {@link #wantsParts}. */
    default void onPart(Connection connection, Part part) {}

    /** What was sent has drained below the low mark after {@link Connection#isWritable} was false. */
    default void onWritable(Connection connection) {}

    /** The connection has ended; exactly once, and last. */
    default void onClose(Connection connection, CloseReason reason) {}

    /** Whether messages come in parts instead of whole, so that none is ever held in memory; asked once, before onOpen. */
    default boolean wantsParts() {
        return false;
    }

    /**
     * Whether it may keep a message, or the bytes of one, after {@link #onMessage}; asked once, before onOpen.
     *
     * <p>Where it does not, the memory of large messages is used again at once. It may send them on within the call.
     */
    default boolean keepsMessages() {
        return true;
    }

    /** What happens when this end sends faster than the peer takes; asked once, before onOpen. */
    default Overflow overflow() {
        return Overflow.CLOSE;
    }
}
