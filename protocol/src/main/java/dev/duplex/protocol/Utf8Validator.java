package dev.duplex.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 piece by piece and fails on the first byte that cannot be right (RFC 3629, RFC 6455 §8.1).
 *
 * <pre>
 *   first byte   second    third    fourth
 *   00..7F
 *   C2..DF       80..BF
 *   E0           A0..BF    80..BF             (below A0: overlong)
 *   E1..EC       80..BF    80..BF
 *   ED           80..9F    80..BF             (above 9F: surrogates)
 *   EE..EF       80..BF    80..BF
 *   F0           90..BF    80..BF   80..BF    (below 90: overlong)
 *   F1..F3       80..BF    80..BF   80..BF
 *   F4           80..8F    80..BF   80..BF    (above 8F: beyond U+10FFFF)
 * </pre>
 */
final class Utf8Validator {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** Continuation bytes that the character at the end of the last piece still needs. */
    private int missing;

    /** The range of the next continuation byte; only the second byte of a character has one narrower than 80..BF. */
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** Bytes of an unfinished character that came so far. */
    private int begun;

    static boolean isValid(byte[] bytes) {
        return isValid(bytes, 0, bytes.length);
    }

    static boolean isValid(byte[] bytes, int from, int to) {
        int asciiEnd = skipAscii(bytes, from, to);
        if (asciiEnd == to) {
            return true;
        }
        Utf8Validator validator = new Utf8Validator();
        return validator.accepts(bytes, asciiEnd, to) && validator.isComplete();
    }

    /** Whether no character is cut at the end of what came so far. */
    boolean isComplete() {
        return missing == 0;
    }

    /** How many bytes at the end belong to a character that is not yet whole: 0 to 3. */
    int unfinishedBytes() {
        return missing == 0 ? 0 : begun;
    }

    /** Takes the next piece; false as soon as one of its bytes is impossible. */
    boolean accepts(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing > 0) {
                if (!continues(bytes[i] & 0xFF)) {
                    return false;
                }
                i++;
                continue;
            }
            i = skipWhole(bytes, i, to);
            if (i < 0) {
                return false;
            }
            if (i < to) {
                begin(bytes[i++] & 0xFF);
            }
        }
        return true;
    }

    /** Passes characters that lie whole in the piece; returns where the first one lies that is cut, or -1 if a byte is wrong. */
    private static int skipWhole(byte[] bytes, int from, int to) {
        int i = skipAscii(bytes, from, to);
        while (i < to) {
            int first = bytes[i];
            if (first >= 0) {
                i = skipAscii(bytes, i, to);
                continue;
            }
            if (first >= (byte) 0xE0) {
                int end = skipThreeByteCharacters(bytes, i, to);
                if (end > i) {
                    i = end;
                    continue;
                }
            }
            int length = length(first & 0xFF);
            if (length == 0) {
                return -1;
            }
            if (i + length > to) {
                return i;
            }
            if (!isCharacter(bytes, i, first & 0xFF, length)) {
                return -1;
            }
            i += length;
        }
        return i;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - 32; i += 32) {
            long any = (long) LONGS.get(bytes, i) | (long) LONGS.get(bytes, i + 8)
                    | (long) LONGS.get(bytes, i + 16) | (long) LONGS.get(bytes, i + 24);
            if ((any & HIGH_BITS) != 0) {
                break;
            }
        }
        for (; i <= to - 8; i += 8) {
            if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
                break;
            }
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /**
     * Passes characters of three bytes, of which most text beyond ASCII is made, and the blanks between them, with one read each.
     *
     * @return where something else begins: a character of other length, one that is wrong, more ASCII, or the end
     */
    private static int skipThreeByteCharacters(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - 4) {
            int next = (int) INTS.get(bytes, i);
            int top = next << 12 & 0xF000 | next >> 2 & 0x0FC0; // the code point without its lowest six bits
            if ((next & 0xC0C0F0) == 0x8080E0 && top >= 0x0800 && (top & 0xF800) != 0xD800) {
                i += 3;
            } else if ((next & 0x8080) == 0x8000) {
                i++;
            } else {
                break;
            }
        }
        return i;
    }

    /** The length that a first byte above 7F announces; 0 if none begins so. */
    private static int length(int first) {
        if (first >= 0xE0) {
            return first < 0xF0 ? 3 : first <= 0xF4 ? 4 : 0;
        }
        return first >= 0xC2 ? 2 : 0;
    }

    private static boolean isCharacter(byte[] bytes, int i, int first, int length) {
        int second = bytes[i + 1] & 0xFF;
        if (second < lowestAfter(first) || second > highestAfter(first)) {
            return false;
        }
        // Continuation bytes are those below 0xC0 seen as signed: -128 to -65.
        return length == 2 || bytes[i + 2] < (byte) 0xC0 && (length == 3 || bytes[i + 3] < (byte) 0xC0);
    }

    /** Takes the first byte of a character that is cut, which is known to be one. */
    private void begin(int first) {
        missing = length(first) - 1;
        begun = 1;
        lowest = lowestAfter(first);
        highest = highestAfter(first);
    }

    private boolean continues(int next) {
        if (next < lowest || next > highest) {
            return false;
        }
        missing--;
        begun++;
        lowest = 0x80;
        highest = 0xBF;
        return true;
    }

    private static int lowestAfter(int first) {
        return first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    }

    private static int highestAfter(int first) {
        return first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    }
}
