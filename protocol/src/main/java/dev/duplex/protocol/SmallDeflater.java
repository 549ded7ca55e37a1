package dev.duplex.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses one small message that refers to nothing before it (RFC 1951, RFC 7692 §7.2.1).
 *
 * <p>For such a message zlib spends most of its time on its tables, and on foreseeing branches wrongly. This makes one block, of
 * whichever kind is shortest, and keeps nothing from message to message but room.
 *
 * <pre>
 *   message ── search ──► tokens: bytes and matches ── count ──► codes ── write ──► block | 000, the begun tail
 *                 ▲
 *     newest[hash of 4 bytes] ──► older[place] ──► older[place] ──► -1
 * </pre>
 */
final class SmallDeflater {
    /** Larger messages are zlib's, which is as quick from here on. */
    static final int MAX_BYTES = 8 * 1024;

    /** A match this long is taken whatever may come next; one of 8 is only worth a shorter search for a longer one. */
    private static final int LONG_BYTES = 32;

    private static final int GOOD_BYTES = 8;
    /** Where two places agree this far, no other is compared. */
    private static final int NICE_BYTES = 128;

    /** Matches of three bytes would save little, and be looked for in vain most often. */
    private static final int LEAST_MATCH_BYTES = 4;

    private static final int HASH_FACTOR = 0x9E3779B1;
    private static final int LEAST_HASH_BITS = 8;
    private static final int MOST_HASH_BITS = 12;
    /** Where eight bytes are read or written at once, this many lie beyond the last that counts. */
    private static final int SLACK_BYTES = 8;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final HuffmanWriter FIXED_LITERALS = HuffmanWriter.ofLengths(DeflateFormat.fixedLiteralLengths());
    private static final HuffmanWriter FIXED_DISTANCES = HuffmanWriter.ofLengths(DeflateFormat.fixedDistanceLengths());

    private final byte[] message = new byte[MAX_BYTES + SLACK_BYTES];
    private final int[] newest = new int[1 << MOST_HASH_BITS];
    private final int[] older = new int[MAX_BYTES];
    private int hashShift;

    /** A byte, or the length of a match above 16 bits of its distance. */
    private final int[] tokens = new int[MAX_BYTES];

    private int tokenCount;
    private int extraBits;

    private final HuffmanWriter literals = new HuffmanWriter(DeflateFormat.LITERAL_SYMBOLS, 15);
    private final HuffmanWriter distances = new HuffmanWriter(DeflateFormat.DISTANCE_SYMBOLS, 15);
    private final CodeLengths codeLengths = new CodeLengths();

    private byte[] out;
    private int outBytes;
    private long bits;
    private int bitCount;

    /**
     * Compresses 1 to {@link #MAX_BYTES} bytes.
     *
     * @param level zlib's, 1 to 9: how many places are compared at most before the longest match is taken
     * @return the payload of the frame, without the tail 00 00 ff ff; the caller's
     */
    ByteBuffer deflate(byte[] bytes, int offset, int length, int level) {
        System.arraycopy(bytes, offset, message, 0, length);
        findMatches(length, 1 << level);
        literals.build();
        distances.build();
        codeLengths.build(literals, distances);
        out = new byte[length + 2 * SLACK_BYTES];
        outBytes = 0;
        bits = 0;
        bitCount = 0;
        writeShortest(length);
        write(DeflateFormat.STORED << 1, 3);
        ByteBuffer payload = ByteBuffer.wrap(out, 0, outBytes + (bitCount + 7 >> 3));
        out = null;
        return payload;
    }

    // Matches

    private void findMatches(int length, int places) {
        int hashBits = Math.clamp(32 - Integer.numberOfLeadingZeros(length), LEAST_HASH_BITS, MOST_HASH_BITS);
        hashShift = 32 - hashBits;
        Arrays.fill(newest, 0, 1 << hashBits, -1);
        literals.clear();
        distances.clear();
        tokenCount = 0;
        extraBits = 0;
        int hashed = length - LEAST_MATCH_BYTES + 1; // so many places have enough bytes to be found by
        int found = 0; // a match that begins one place before
        int place = 0;
        while (place < hashed) {
            int candidate = remember(place);
            int better = candidate >= 0 && found >>> 16 < LONG_BYTES ? longerMatch(candidate, place, length, found >>> 16, places) : 0;
            if (better == 0 && found != 0) {
                addMatch(found);
                int end = place - 1 + (found >>> 16);
                rememberAll(place + 1, Math.min(end, hashed));
                place = end;
            } else {
                if (better == 0) {
                    addByte(message[place]);
                } else if (found != 0) {
                    addByte(message[place - 1]);
                }
                place++;
            }
            found = better;
        }
        if (found != 0) {
            addMatch(found);
            place += (found >>> 16) - 1;
        }
        for (; place < length; place++) {
            addByte(message[place]);
        }
        literals.frequencies[DeflateFormat.END_OF_BLOCK] = 1;
    }

    /** Puts a place where later ones that begin alike find it. @return the one before it, or -1 */
    private int remember(int place) {
        int hash = (int) INTS.get(message, place) * HASH_FACTOR >>> hashShift;
        int before = newest[hash];
        newest[hash] = place;
        older[place] = before;
        return before;
    }

    private void rememberAll(int from, int to) {
        byte[] bytes = message;
        int[] newestPlace = newest;
        int[] before = older;
        int shift = hashShift;
        for (int place = from; place < to; place++) {
            int hash = (int) INTS.get(bytes, place) * HASH_FACTOR >>> shift;
            before[place] = newestPlace[hash];
            newestPlace[hash] = place;
        }
    }

    /** The nearest of the longest matches that are longer than {@code than}, as a token; 0 if there is none. */
    private int longerMatch(int newestCandidate, int place, int length, int than, int places) {
        byte[] bytes = message;
        int[] before = older;
        int most = Math.min(DeflateFormat.LONGEST_MATCH_BYTES, length - place);
        int best = Math.max(than, LEAST_MATCH_BYTES - 1);
        int token = 0;
        int candidate = newestCandidate;
        for (int left = than >= GOOD_BYTES ? places >> 2 : places; candidate >= 0 && left > 0 && best < most; left--) {
            // The four bytes that end with the one that would make it longer.
            if ((int) INTS.get(bytes, candidate + best - 3) == (int) INTS.get(bytes, place + best - 3)) {
                int same = sameBytes(candidate, place, most);
                if (same > best) {
                    best = same;
                    token = same << 16 | place - candidate;
                    if (same >= NICE_BYTES) {
                        break;
                    }
                }
            }
            candidate = before[candidate];
        }
        return token;
    }

    private int sameBytes(int one, int other, int most) {
        for (int same = 0; same < most; same += 8) {
            long difference = (long) LONGS.get(message, one + same) ^ (long) LONGS.get(message, other + same);
            if (difference != 0) {
                return Math.min(most, same + (Long.numberOfTrailingZeros(difference) >> 3));
            }
        }
        return most;
    }

    private void addByte(byte one) {
        tokens[tokenCount++] = one & 0xFF;
        literals.frequencies[one & 0xFF]++;
    }

    private void addMatch(int token) {
        tokens[tokenCount++] = token;
        int length = DeflateFormat.lengthSymbol(token >>> 16);
        int distance = DeflateFormat.distanceSymbol(token & 0xFFFF);
        literals.frequencies[length]++;
        distances.frequencies[distance]++;
        extraBits += DeflateFormat.lengthExtraBits(length) + DeflateFormat.distanceExtraBits(distance);
    }

    // Blocks

    private void writeShortest(int length) {
        int dynamicBits = codeLengths.bits() + literals.bits(literals.lengths) + distances.bits(distances.lengths) + extraBits;
        int fixedBits = literals.bits(FIXED_LITERALS.lengths) + distances.bits(FIXED_DISTANCES.lengths) + extraBits;
        if (Math.min(dynamicBits, fixedBits) >= 8 * (length + 4)) {
            writeStored(length);
        } else if (fixedBits <= dynamicBits) {
            write(DeflateFormat.FIXED << 1, 3);
            writeTokens(FIXED_LITERALS.codes, FIXED_DISTANCES.codes);
        } else {
            write(DeflateFormat.DYNAMIC << 1, 3);
            codeLengths.write(this);
            writeTokens(literals.codes, distances.codes);
        }
    }

    private void writeStored(int length) {
        out[1] = (byte) length;
        out[2] = (byte) (length >> 8);
        out[3] = (byte) ~length;
        out[4] = (byte) (~length >> 8);
        System.arraycopy(message, 0, out, 5, length);
        outBytes = 5 + length;
    }

    private void writeTokens(int[] literalCodes, int[] distanceCodes) {
        byte[] to = out;
        int at = outBytes;
        long pending = bits;
        int count = bitCount;
        for (int i = 0; i < tokenCount; i++) {
            int token = tokens[i];
            if (token <= 0xFF) {
                int code = literalCodes[token];
                pending |= (long) (code >>> 4) << count;
                count += code & 0xF;
            } else {
                int length = token >>> 16;
                int symbol = DeflateFormat.lengthSymbol(length);
                int code = literalCodes[symbol];
                pending |= (long) (code >>> 4 | length - DeflateFormat.lengthOf(symbol) << (code & 0xF)) << count;
                count += (code & 0xF) + DeflateFormat.lengthExtraBits(symbol);
                int distance = token & 0xFFFF;
                symbol = DeflateFormat.distanceSymbol(distance);
                code = distanceCodes[symbol];
                pending |= (long) (code >>> 4 | distance - DeflateFormat.distanceOf(symbol) << (code & 0xF)) << count;
                count += (code & 0xF) + DeflateFormat.distanceExtraBits(symbol);
            }
            // At most 7 bits stay, and at most 48 are added: they fit in 64.
            LONGS.set(to, at, pending);
            at += count >> 3;
            pending >>>= count & ~7;
            count &= 7;
        }
        outBytes = at;
        bits = pending;
        bitCount = count;
        writeCode(literalCodes[DeflateFormat.END_OF_BLOCK]);
    }

    void writeCode(int code) {
        write(code >>> 4, code & 0xF);
    }

    /** Writes eight bytes, of which the next call writes again what was not full. */
    void write(int value, int count) {
        bits |= (long) value << bitCount;
        bitCount += count;
        LONGS.set(out, outBytes, bits);
        outBytes += bitCount >> 3;
        bits >>>= bitCount & ~7;
        bitCount &= 7;
    }
}
