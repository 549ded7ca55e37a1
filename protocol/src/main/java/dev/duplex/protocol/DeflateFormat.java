package dev.duplex.protocol;

import java.util.Arrays;

/**
 * The alphabets of DEFLATE (RFC 1951 §3.2.5 to 3.2.7), by rule instead of tables.
 *
 * <pre>
 *   literals and lengths   0..255 bytes   256 end of block   257..285 lengths 3..258
 *   distances              0..29          distances 1..32768
 *   code lengths           0..15          16 last again   17, 18 zeroes
 * </pre>
 *
 * <p>A length or distance is a symbol for its highest bits, followed by the other bits as they are.
 */
final class DeflateFormat {
    static final int STORED = 0;
    static final int FIXED = 1;
    static final int DYNAMIC = 2;

    static final int END_OF_BLOCK = 256;
    static final int FIRST_LENGTH_SYMBOL = 257;
    static final int LAST_LENGTH_SYMBOL = 285;
    /** 286 and 287 have codes in a fixed block, but never occur (§3.2.6). */
    static final int LITERAL_SYMBOLS = 286;
    static final int DISTANCE_SYMBOLS = 30;
    static final int LENGTH_CODE_SYMBOLS = 19;

    static final int LEAST_MATCH_BYTES = 3;
    static final int LONGEST_MATCH_BYTES = 258;

    static final int LAST_AGAIN = 16;
    static final int FEW_ZEROES = 17;
    static final int MANY_ZEROES = 18;

    /** In which order a dynamic block tells the lengths of the codes for code lengths: those that are seldom used last. */
    private static final byte[] LENGTH_CODE_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private DeflateFormat() {}

    static int lengthCodeSymbol(int place) {
        return LENGTH_CODE_ORDER[place];
    }

    /** The symbol of a match of 3 to 258 bytes. */
    static int lengthSymbol(int length) {
        int over = length - LEAST_MATCH_BYTES;
        if (over < 8) {
            return FIRST_LENGTH_SYMBOL + over;
        }
        if (length == LONGEST_MATCH_BYTES) {
            return LAST_LENGTH_SYMBOL;
        }
        int extra = 29 - Integer.numberOfLeadingZeros(over);
        return FIRST_LENGTH_SYMBOL + 4 * extra + (over >> extra);
    }

    static int lengthExtraBits(int symbol) {
        int place = symbol - FIRST_LENGTH_SYMBOL;
        return place < 8 || symbol == LAST_LENGTH_SYMBOL ? 0 : (place >> 2) - 1;
    }

    /** The shortest length of a symbol, to which its extra bits are added. */
    static int lengthOf(int symbol) {
        int place = symbol - FIRST_LENGTH_SYMBOL;
        if (place < 8) {
            return LEAST_MATCH_BYTES + place;
        }
        return symbol == LAST_LENGTH_SYMBOL ? LONGEST_MATCH_BYTES : LEAST_MATCH_BYTES + ((4 | place & 3) << (place >> 2) - 1);
    }

    /** The symbol of a distance of 1 to 32,768 bytes. */
    static int distanceSymbol(int distance) {
        int over = distance - 1;
        if (over < 4) {
            return over;
        }
        int extra = 30 - Integer.numberOfLeadingZeros(over);
        return 2 * extra + (over >> extra);
    }

    static int distanceExtraBits(int symbol) {
        return symbol < 4 ? 0 : (symbol >> 1) - 1;
    }

    /** The shortest distance of a symbol, to which its extra bits are added. */
    static int distanceOf(int symbol) {
        return symbol < 4 ? symbol + 1 : ((2 | symbol & 1) << (symbol >> 1) - 1) + 1;
    }

    /** RFC 1951 §3.2.6: the lengths of the codes in a fixed block, for 288 symbols. */
    static byte[] fixedLiteralLengths() {
        byte[] lengths = new byte[LITERAL_SYMBOLS + 2];
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, 288, (byte) 8);
        return lengths;
    }

    /** The same for distances, all of five bits: 30 and 31 never occur. */
    static byte[] fixedDistanceLengths() {
        byte[] lengths = new byte[DISTANCE_SYMBOLS + 2];
        Arrays.fill(lengths, (byte) 5);
        return lengths;
    }
}
