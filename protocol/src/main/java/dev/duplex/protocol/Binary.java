package dev.duplex.protocol;

import java.util.Arrays;
import java.util.Objects;

/** A binary message. */
public final class Binary implements Message {
    private final byte[] bytes;
    private final boolean compressible;

    Binary(byte[] bytes, boolean compressible) {
        this.bytes = Objects.requireNonNull(bytes, "bytes");
        this.compressible = compressible;
    }

    /** A message that takes over {@code bytes} without a copy. */
    public static Binary of(byte... bytes) {
        return new Binary(bytes, true);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String text() {
        throw new IllegalStateException("this is a binary message of " + bytes.length + " bytes; ask isText() first, or take bytes()");
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public boolean isCompressible() {
        return compressible;
    }

    @Override
    public Binary uncompressed() {
        return compressible ? new Binary(bytes, false) : this;
    }

    @Override
    public boolean equals(Object other) {
        return Message.same(this, other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Message.describe(this);
    }
}
