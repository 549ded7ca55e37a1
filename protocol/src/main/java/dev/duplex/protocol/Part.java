package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A piece of a message that streams through without ever being held whole (RFC 6455 §5.4).
 *
 * <p>Parts of one message follow one another without a gap. Where they are cut has no meaning: the peer, or a proxy,
 * may cut anew. A part of a received text never ends inside a character.
 *
 * @param isText whether the message is text; the same for all its parts
 * @param bytes the piece, owned by the receiver; may be empty
 * @param isLast whether the message ends here
 */
public record Part(boolean isText, byte[] bytes, boolean isLast) implements Event {

    /** Requires the bytes. */
    public Part {
        Objects.requireNonNull(bytes, "bytes");
    }

    /** A piece of a text message. */
    public static Part text(String text, boolean isLast) {
        return new Part(true, text.getBytes(StandardCharsets.UTF_8), isLast);
    }

    /** A piece of a binary message that takes over {@code bytes} without a copy. */
    public static Part binary(byte[] bytes, boolean isLast) {
        return new Part(false, bytes, isLast);
    }

    /**
     * The piece as text.
     *
     * @throws IllegalStateException if the message is binary
     */
    public String text() {
        if (!isText) {
            throw new IllegalStateException("this is a part of a binary message");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
