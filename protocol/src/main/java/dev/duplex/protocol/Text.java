package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A text message that holds valid UTF-8. */
public final class Text implements Message {
    private final byte[] utf8;
    private final boolean compressible;

    /** Trusts {@code utf8}: only for bytes that were validated, or encoded from a String. */
    Text(byte[] utf8, boolean compressible) {
        this.utf8 = Objects.requireNonNull(utf8, "utf8");
        this.compressible = compressible;
    }

    /** The text as a message. */
    public static Text of(String text) {
        return new Text(text.getBytes(StandardCharsets.UTF_8), true);
    }

    /**
     * A message that takes over {@code utf8} without a copy.
     *
     * @throws IllegalArgumentException if the bytes are not valid UTF-8
     */
    public static Text ofUtf8(byte[] utf8) {
        if (!Utf8Validator.isValid(utf8)) {
            throw new IllegalArgumentException("a text message must be valid UTF-8 (RFC 6455 §5.6)");
        }
        return new Text(utf8, true);
    }

    @Override
    public byte[] bytes() {
        return utf8;
    }

    /** The text, decoded anew at each call. */
    @Override
    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public boolean isCompressible() {
        return compressible;
    }

    @Override
    public Text uncompressed() {
        return compressible ? new Text(utf8, false) : this;
    }

    @Override
    public boolean equals(Object other) {
        return Message.same(this, other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return Message.describe(this);
    }
}
