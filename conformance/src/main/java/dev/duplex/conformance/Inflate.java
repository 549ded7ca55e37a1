package dev.duplex.conformance;

import java.util.Arrays;

/**
 * Inflates messages of one direction and sees how far back each reference reaches (RFC 1951, RFC 7692 §7.2.2).
 *
 * <p>Written for judging: a stock inflater with a window of 2^15 bytes would never notice that a peer which agreed to 2^9
 * refers further back.
 */
final class Inflate {
    private static final int HISTORY_BYTES = 1 << 15;
    private static final int[] LENGTH_BASE = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    private static final int[] LENGTH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    private static final int[] DISTANCE_BASE = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final int windowBits;
    private final boolean takeover;
    private final int maxMessageBytes;
    private byte[] out = new byte[64 * 1024];
    private int start;
    private int end;
    private int farthest;

    Inflate(int windowBits, boolean takeover, int maxMessageBytes) {
        this.windowBits = windowBits;
        this.takeover = takeover;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The longest way back that any reference has taken so far, in bytes. */
    int farthestReference() {
        return farthest;
    }

    byte[] message(byte[] compressed) throws BadDeflate {
        forget();
        BitReader in = new BitReader(compressed);
        boolean last = false;
        while (!in.atEnd() && !(last && in.onlyTailLeft())) {
            last = in.bits(1) == 1;
            switch (in.bits(2)) {
                case 0 -> stored(in);
                case 1 -> coded(in, Huffman.FIXED_LENGTHS, Huffman.FIXED_DISTANCES);
                case 2 -> dynamic(in);
                default -> throw new BadDeflate("a block of the reserved type 3");
            }
            if (last) {
                in.toByteBorder();
            }
        }
        return Arrays.copyOfRange(out, start, end);
    }

    /** Keeps of the past what a reference may reach, or nothing without context takeover. */
    private void forget() {
        int kept = takeover ? Math.min(end, HISTORY_BYTES) : 0;
        System.arraycopy(out, end - kept, out, 0, kept);
        start = kept;
        end = kept;
    }

    private void room(int bytes) throws BadDeflate {
        if (end - start + bytes > maxMessageBytes) {
            throw new BadDeflate("a message that inflates beyond " + maxMessageBytes + " bytes");
        }
        if (end + bytes > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, end + bytes));
        }
    }

    private void stored(BitReader in) throws BadDeflate {
        in.toByteBorder();
        int length = in.bits(16);
        if (length != (~in.bits(16) & 0xffff)) {
            throw new BadDeflate("a stored block whose two lengths disagree");
        }
        room(length);
        for (int i = 0; i < length; i++) {
            out[end++] = (byte) in.bits(8);
        }
    }

    private void dynamic(BitReader in) throws BadDeflate {
        int literals = in.bits(5) + 257;
        int distances = in.bits(5) + 1;
        int codes = in.bits(4) + 4;
        int[] lengths = new int[19];
        for (int i = 0; i < codes; i++) {
            lengths[ORDER[i]] = in.bits(3);
        }
        int[] all = lengths(in, new Huffman(lengths), literals + distances);
        coded(in, new Huffman(Arrays.copyOf(all, literals)), new Huffman(Arrays.copyOfRange(all, literals, all.length)));
    }

    private static int[] lengths(BitReader in, Huffman code, int count) throws BadDeflate {
        int[] lengths = new int[count];
        int at = 0;
        while (at < count) {
            int symbol = code.decode(in);
            int value = symbol < 16 ? symbol : symbol == 16 && at > 0 ? lengths[at - 1] : 0;
            int times = switch (symbol) {
                case 16 -> 3 + in.bits(2);
                case 17 -> 3 + in.bits(3);
                case 18 -> 11 + in.bits(7);
                default -> 1;
            };
            if (at + times > count) {
                throw new BadDeflate("a Huffman table that is longer than it says");
            }
            Arrays.fill(lengths, at, at + times, value);
            at += times;
        }
        return lengths;
    }

    private void coded(BitReader in, Huffman literals, Huffman distances) throws BadDeflate {
        for (int symbol = literals.decode(in); symbol != 256; symbol = literals.decode(in)) {
            if (symbol < 256) {
                room(1);
                out[end++] = (byte) symbol;
            } else if (symbol > 285) {
                throw new BadDeflate("a length symbol that does not exist");
            } else {
                int length = LENGTH_BASE[symbol - 257] + in.bits(LENGTH_BITS[symbol - 257]);
                copy(length, distance(in, distances));
            }
        }
    }

    private int distance(BitReader in, Huffman distances) throws BadDeflate {
        int symbol = distances.decode(in);
        if (symbol > 29) {
            throw new BadDeflate("a distance symbol that does not exist");
        }
        int distance = DISTANCE_BASE[symbol] + in.bits(symbol < 4 ? 0 : symbol / 2 - 1);
        if (distance > end) {
            throw new BadDeflate("a reference " + distance + " bytes back, where only " + end + " bytes may be remembered");
        }
        if (distance > 1 << windowBits) {
            throw new BadDeflate("a reference " + distance + " bytes back, beyond the agreed window of 2^" + windowBits);
        }
        farthest = Math.max(farthest, distance);
        return distance;
    }

    private void copy(int length, int distance) throws BadDeflate {
        room(length);
        for (int i = 0; i < length; i++) {
            out[end] = out[end - distance];
            end++;
        }
    }
}
