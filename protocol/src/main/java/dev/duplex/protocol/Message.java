package dev.duplex.protocol;

import java.util.Arrays;

/**
 * A whole text or binary message, received or to be sent (RFC 6455 §5.6).
 *
 * <p>A message owns its bytes: whoever receives it owns them in turn, and whoever sends it must not change them
 * afterwards. Text keeps its UTF-8 bytes and decodes only when asked, so an echo never builds a String.
 */
public sealed interface Message extends Event permits Text, Binary {

    /** A text message; an unpaired surrogate, which UTF-8 cannot express, becomes {@code ?}. */
    static Text text(String text) {
        return Text.of(text);
    }

    /** A binary message that takes over {@code bytes} without a copy. */
    static Binary binary(byte... bytes) {
        return new Binary(bytes, true);
    }

    /** The payload itself, not a copy: UTF-8 if this is text. */
    byte[] bytes();

    /**
     * The text.
     *
     * @throws IllegalStateException if this is a binary message
     */
    String text();

    /** Whether the payload is UTF-8 text. */
    boolean isText();

    /** The number of payload bytes, before any compression. */
    default int byteLength() {
        return bytes().length;
    }

    /** Whether permessage-deflate, if negotiated, may compress this message. */
    boolean isCompressible();

    /** The same message, never compressed: for secrets beside text that others control (RFC 7692 §8). */
    Message uncompressed();

    /** Equality by kind and bytes, shared by both kinds. */
    static boolean same(Message a, Object b) {
        return b instanceof Message m && a.isText() == m.isText() && Arrays.equals(a.bytes(), m.bytes());
    }

    /** A short, printable form with kind and length; never the whole of a long payload. */
    static String describe(Message message) {
        String kind = message.isText() ? "text" : "binary";
        return kind + " of " + message.byteLength() + " bytes";
    }
}
