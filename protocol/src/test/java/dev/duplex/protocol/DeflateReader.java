package dev.duplex.protocol;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A plain reader of DEFLATE (RFC 1951) that remembers the farthest reference it has met.
 *
 * <p>It shares nothing with zlib, and its window has no end: what it reads tells how large a window the writer counted on.
 */
final class DeflateReader {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
        12289, 16385, 24577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int END_OF_BLOCK = 256;

    private byte[] history = new byte[1 << 16];
    private int size;
    private int farthest;
    private byte[] in;
    private int bit;

    /** Reads one message, its tail left off as on the wire; earlier messages may be referred to. */
    byte[] read(byte[] payload) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(payload);
        whole.writeBytes(new byte[] {0, 0, -1, -1});
        in = whole.toByteArray();
        bit = 0;
        int start = size;
        while (bit < in.length * 8) {
            readBlock();
        }
        return Arrays.copyOfRange(history, start, size);
    }

    /** The largest distance of all references so far. */
    int farthest() {
        return farthest;
    }

    private void readBlock() {
        boolean isFinal = bits(1) == 1;
        switch (bits(2)) {
            case 0 -> readStored();
            case 1 -> readCodes(fixedLiterals(), new Codes(filled(30, 5)));
            case 2 -> readDynamic();
            default -> throw new IllegalStateException("block type 3");
        }
        if (isFinal) {
            align();
        }
    }

    private void readStored() {
        align();
        int length = bits(16);
        if (bits(16) != (length ^ 0xFFFF)) {
            throw new IllegalStateException("a stored block's length and its complement differ");
        }
        for (int i = 0; i < length; i++) {
            put(bits(8));
        }
    }

    private void readDynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int[] order = new int[19];
        int orders = bits(4) + 4;
        for (int i = 0; i < orders; i++) {
            order[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        Codes codeLengths = new Codes(order);
        int[] lengths = new int[literals + distances];
        for (int i = 0; i < lengths.length; ) {
            int symbol = codeLengths.next();
            if (symbol < 16) {
                lengths[i++] = symbol;
                continue;
            }
            int repeated = symbol == 16 ? lengths[i - 1] : 0;
            int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
            Arrays.fill(lengths, i, i + times, repeated);
            i += times;
        }
        readCodes(new Codes(Arrays.copyOf(lengths, literals)),
                new Codes(Arrays.copyOfRange(lengths, literals, lengths.length)));
    }

    private void readCodes(Codes literals, Codes distances) {
        for (int symbol = literals.next(); symbol != END_OF_BLOCK; symbol = literals.next()) {
            if (symbol < END_OF_BLOCK) {
                put(symbol);
                continue;
            }
            int code = symbol - 257;
            int length = LENGTH_BASE[code] + bits(code < 8 || code == 28 ? 0 : (code - 4) / 4);
            int distanceCode = distances.next();
            int distance = DISTANCE_BASE[distanceCode] + bits(distanceCode < 4 ? 0 : (distanceCode - 2) / 2);
            farthest = Math.max(farthest, distance);
            for (int i = 0; i < length; i++) {
                put(history[size - distance]);
            }
        }
    }

    private Codes fixedLiterals() {
        int[] lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return new Codes(lengths);
    }

    private static int[] filled(int count, int value) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, value);
        return lengths;
    }

    private void put(int value) {
        if (size == history.length) {
            history = Arrays.copyOf(history, 2 * size);
        }
        history[size++] = (byte) value;
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }

    private void align() {
        bit = bit + 7 & ~7;
    }

    /** A Huffman code, given by the lengths of its code words (RFC 1951 §3.2.2). */
    private final class Codes {
        private final int[] countByLength = new int[16];
        private final int[] symbols;

        Codes(int[] lengths) {
            symbols = new int[lengths.length];
            int used = 0;
            for (int length = 1; length < 16; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        symbols[used++] = symbol;
                        countByLength[length]++;
                    }
                }
            }
        }

        int next() {
            int code = 0;
            int first = 0;
            int index = 0;
            for (int length = 1; length < 16; length++) {
                code |= bits(1);
                int count = countByLength[length];
                if (code - first < count) {
                    return symbols[index + code - first];
                }
                index += count;
                first = first + count << 1;
                code <<= 1;
            }
            throw new IllegalStateException("no such code word");
        }
    }
}
