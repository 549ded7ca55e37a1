package dev.duplex.protocol;

import java.nio.ByteBuffer;

/** Where an engine writes its frames: memory of the carrier, so that nothing is copied twice. */
@FunctionalInterface
public interface Output {

    /**
     * Room for exactly {@code bytes} more, which the engine fills before it does anything else.
     *
     * @return a buffer whose position is where to write and that has at least that much remaining, big-endian
     */
    ByteBuffer room(int bytes);

    /**
     * Offered each frame that is the same for many connections, before it is copied into {@link #room}.
     *
     * @param frame the same array for each of them, never to be changed
     * @return whether the carrier writes it in its turn, so that all connections can wait with one copy
     */
    default boolean takes(byte[] frame) {
        return false;
    }

    /**
     * Asked before each Pong: whether it may be written now.
     *
     * <p>If not, because the peer does not take those before, the engine keeps the latest alone (RFC 6455 §5.5.3) until
     * {@link WebSocketProtocol#answerPing}.
     */
    default boolean takesPong() {
        return true;
    }
}
