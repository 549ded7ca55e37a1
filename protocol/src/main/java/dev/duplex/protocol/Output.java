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
     * Asked before each Pong: whether it may be written now.
     *
     * <p>If not, because the peer does not take those before, the engine keeps the latest alone (RFC 6455 §5.5.3) until
     * {@link WebSocketProtocol#answerPing}.
     */
    default boolean takesPong() {
        return true;
    }
}
