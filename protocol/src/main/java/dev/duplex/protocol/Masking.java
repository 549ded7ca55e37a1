package dev.duplex.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The exclusive or with a repeating four-byte key that masks and unmasks alike (RFC 6455 §5.3).
 *
 * <p>A key is an int whose highest byte is the first on the wire. Eight bytes go at a time, and four such steps a turn,
 * because that runs near the speed of a memory copy where single bytes reach a twentieth of it.
 */
final class Masking {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Masking() {}

    /** The key as it applies {@code bytes} further into the payload. */
    static int advance(int key, long bytes) {
        return Integer.rotateLeft(key, (int) (bytes & 3) << 3);
    }

    /** Masks in place; the key applies to the first byte of the range. */
    static void apply(byte[] bytes, int offset, int length, int key) {
        long wide = wide(key);
        int i = offset;
        int end = offset + length;
        for (; i <= end - 32; i += 32) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
            LONGS.set(bytes, i + 8, (long) LONGS.get(bytes, i + 8) ^ wide);
            LONGS.set(bytes, i + 16, (long) LONGS.get(bytes, i + 16) ^ wide);
            LONGS.set(bytes, i + 24, (long) LONGS.get(bytes, i + 24) ^ wide);
        }
        for (; i <= end - 8; i += 8) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
        }
        for (int k = key; i < end; i++, k = Integer.rotateLeft(k, 8)) {
            bytes[i] ^= (byte) (k >>> 24);
        }
    }

    /** Copies masked into a big-endian buffer, so that the source stays as it is; the key applies to the first byte. */
    static void copy(byte[] source, int offset, int length, int key, ByteBuffer into) {
        long wide = wide(key);
        ByteOrder order = into.order();
        into.order(ByteOrder.LITTLE_ENDIAN);
        int i = offset;
        int end = offset + length;
        for (; i <= end - 8; i += 8) {
            into.putLong((long) LONGS.get(source, i) ^ wide);
        }
        into.order(order);
        for (int k = key; i < end; i++, k = Integer.rotateLeft(k, 8)) {
            into.put((byte) (source[i] ^ k >>> 24));
        }
    }

    /** The key twice, its first byte lowest, as longs are read here: what nearly every processor does by itself. */
    private static long wide(int key) {
        long once = Integer.reverseBytes(key) & 0xFFFF_FFFFL;
        return once << 32 | once;
    }
}
