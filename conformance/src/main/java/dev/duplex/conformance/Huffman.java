package dev.duplex.conformance;

import java.util.Arrays;

/** One canonical Huffman code of RFC 1951 §3.2.2, ready to decode. */
final class Huffman {
    private static final int FAST_BITS = 10;
    static final Huffman FIXED_LENGTHS = fixedLengths();
    static final Huffman FIXED_DISTANCES = new Huffman(filled(30, 5));

    private final int[] fast = new int[1 << FAST_BITS];
    private final int[] countOfLength = new int[16];
    private final int[] symbols;

    Huffman(int[] lengths) {
        for (int length : lengths) {
            countOfLength[length]++;
        }
        countOfLength[0] = 0;
        int[] offset = new int[17];
        int[] code = new int[17];
        for (int bits = 1; bits < 16; bits++) {
            offset[bits + 1] = offset[bits] + countOfLength[bits];
            code[bits + 1] = (code[bits] + countOfLength[bits]) << 1;
        }
        symbols = new int[lengths.length];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int bits = lengths[symbol];
            if (bits > 0) {
                symbols[offset[bits]++] = symbol;
                enter(symbol, bits, code[bits]++);
            }
        }
    }

    private void enter(int symbol, int bits, int code) {
        int reversed = Integer.reverse(code) >>> 32 - bits;
        for (int i = reversed; bits <= FAST_BITS && i < fast.length; i += 1 << bits) {
            fast[i] = symbol << 4 | bits;
        }
    }

    int decode(BitReader in) throws BadDeflate {
        int entry = fast[in.peek(FAST_BITS)];
        if (entry != 0) {
            in.skip(entry & 15);
            return entry >> 4;
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int bits = 1; bits < 16; bits++) {
            code |= in.bits(1);
            int count = countOfLength[bits];
            if (code - count < first) {
                return symbols[index + code - first];
            }
            index += count;
            first = first + count << 1;
            code <<= 1;
        }
        throw new BadDeflate("a Huffman code that no symbol has");
    }

    private static Huffman fixedLengths() {
        int[] lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return new Huffman(lengths);
    }

    private static int[] filled(int size, int value) {
        int[] lengths = new int[size];
        Arrays.fill(lengths, value);
        return lengths;
    }
}
