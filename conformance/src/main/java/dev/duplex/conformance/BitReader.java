package dev.duplex.conformance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bits of deflated data, least significant first (RFC 1951 §3.1.1). */
final class BitReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int[] TAIL = {0x00, 0x00, 0xff, 0xff};
    private final byte[] bytes;
    private int next;
    private long held;
    private int heldBits;

    /** Reads the given bytes, and behind them the tail that RFC 7692 §7.2.2 appends. */
    BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Eight bytes at once where there are so many; bits of theirs that do not count yet are met again, the same, by the next. */
    private void fill(int bits) {
        if (heldBits < bits && next <= bytes.length - Long.BYTES) {
            held |= (long) LONG.get(bytes, next) << heldBits;
            int whole = Long.SIZE - 1 - heldBits >> 3;
            next += whole;
            heldBits += whole << 3;
            return;
        }
        while (heldBits < bits && next < bytes.length + TAIL.length) {
            long b = next < bytes.length ? bytes[next] & 0xff : TAIL[next - bytes.length];
            held |= b << heldBits;
            heldBits += 8;
            next++;
        }
    }

    /** Looks at bits without taking them; zeros behind the end. */
    int peek(int bits) {
        fill(bits);
        return (int) held & (1 << bits) - 1;
    }

    void skip(int bits) throws BadDeflate {
        if (bits > heldBits) {
            throw new BadDeflate("compressed data that ends in the middle of a block");
        }
        held >>>= bits;
        heldBits -= bits;
    }

    int bits(int count) throws BadDeflate {
        int value = peek(count);
        skip(count);
        return value;
    }

    void toByteBorder() {
        int odd = heldBits & 7;
        held >>>= odd;
        heldBits -= odd;
    }

    boolean atEnd() {
        return heldBits == 0 && next == bytes.length + TAIL.length;
    }

    /** Whether what is left can be nothing but the tail of an ended stream. */
    boolean onlyTailLeft() {
        return bytes.length + TAIL.length - next + heldBits / 8 <= TAIL.length;
    }
}
