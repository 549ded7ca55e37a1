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
}
