package dev.duplex.protocol;

import java.util.Arrays;

/** The codes of one alphabet for one block, shortest for what is most frequent (RFC 1951 §3.2.2). */
final class HuffmanWriter {
    private static final int LONGEST = 15;
    private static final int SYMBOL_BITS = 9;
    private static final int SYMBOL = (1 << SYMBOL_BITS) - 1;
    /** More than Huffman's tree is ever deep for what one block counts, which must be Fibonacci's sum. */
    private static final int DEPTHS = 33;

    /** How often each symbol occurs; counted by the user, and forgotten by {@link #clear}. */
    final int[] frequencies;

    /** The length of each symbol's code in bits; 0 for one that does not occur. */
    final byte[] lengths;

    /** Each symbol's code, its first bit lowest as DEFLATE packs them, above its length in four bits. */
    final int[] codes;

    private final int longest;
    /** The symbols that occur, in order. */
    private final int[] used;
    private int usedCount;
    private final int[] byFrequency;
    private final int[] tree;
    private final int[] counts = new int[DEPTHS];

    /** @param longest the most bits that a code may have */
    HuffmanWriter(int symbols, int longest) {
        this.longest = longest;
        frequencies = new int[symbols];
        lengths = new byte[symbols];
        codes = new int[symbols];
        used = new int[symbols];
        byFrequency = new int[symbols];
        tree = new int[symbols];
    }

    /** Codes of given lengths, none of them 0. */
    static HuffmanWriter ofLengths(byte[] lengths) {
        HuffmanWriter fixed = new HuffmanWriter(lengths.length, LONGEST);
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            fixed.use(symbol);
            fixed.lengths[symbol] = lengths[symbol];
            fixed.counts[lengths[symbol]]++;
        }
        fixed.assignCodes();
        return fixed;
    }

    void clear() {
        Arrays.fill(frequencies, 0);
    }

    int usedCount() {
        return usedCount;
    }

    int usedSymbol(int place) {
        return used[place];
    }

    /** Makes the codes for what was counted; at least two, since some readers refuse an alphabet of one. */
    void build() {
        collectUsed();
        Arrays.fill(counts, 0);
        Arrays.fill(lengths, (byte) 0);
        if (usedCount < 2) {
            int other = usedCount == 0 ? 1 : Math.max(1, used[0]);
            usedCount = 0;
            use(0);
            use(other);
            lengths[0] = 1;
            lengths[other] = 1;
            counts[1] = 2;
        } else {
            Arrays.sort(byFrequency, 0, usedCount);
            measureDepths();
            limitLengths();
            assignLengths();
        }
        assignCodes();
    }

    private void collectUsed() {
        usedCount = 0;
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            if (frequencies[symbol] != 0) {
                byFrequency[usedCount] = frequencies[symbol] << SYMBOL_BITS | symbol;
                use(symbol);
            }
        }
    }

    private void use(int symbol) {
        used[usedCount++] = symbol;
    }

    /**
     * Counts how many leaves of Huffman's tree lie at each depth, in place (Moffat and Katajainen, 1995): first each inner node's
     * weight becomes its parent, then its depth, and where inner nodes leave room at a depth, leaves hang there.
     */
    private void measureDepths() {
        int leaves = usedCount;
        for (int i = 0; i < leaves; i++) {
            tree[i] = byFrequency[i] >>> SYMBOL_BITS;
        }
        int leaf = 0;
        int root = 0;
        for (int node = 0; node < leaves - 1; node++) {
            int weight = 0;
            for (int child = 0; child < 2; child++) {
                if (leaf >= leaves || root < node && tree[root] < tree[leaf]) {
                    weight += tree[root];
                    tree[root++] = node;
                } else {
                    weight += tree[leaf++];
                }
            }
            tree[node] = weight;
        }
        int node = leaves - 2;
        tree[node] = 0;
        for (int i = node - 1; i >= 0; i--) {
            tree[i] = tree[tree[i]] + 1;
        }
        int room = 1;
        for (int depth = 0; room > 0; depth++) {
            int inner = 0;
            for (; node >= 0 && tree[node] == depth; node--) {
                inner++;
            }
            counts[depth] += room - inner;
            room = 2 * inner;
        }
    }

    /** Moves leaves up to the longest length, and makes room for them by moving others down. */
    private void limitLengths() {
        for (int length = longest + 1; length < DEPTHS; length++) {
            counts[longest] += counts[length];
        }
        int filled = 0;
        for (int length = 1; length <= longest; length++) {
            filled += counts[length] << longest - length;
        }
        for (; filled > 1 << longest; filled--) {
            int length = longest - 1;
            while (counts[length] == 0) {
                length--;
            }
            counts[longest]--;
            counts[length]--;
            counts[length + 1] += 2;
        }
    }

    /** The rarest symbols come first in order, and have the longest codes. */
    private void assignLengths() {
        int next = 0;
        for (int length = longest; length > 0; length--) {
            for (int end = next + counts[length]; next < end; next++) {
                lengths[byFrequency[next] & SYMBOL] = (byte) length;
            }
        }
    }

    /** How many bits the counted symbols take with codes of these lengths. */
    int bits(byte[] withLengths) {
        int bits = 0;
        for (int i = 0; i < usedCount; i++) {
            bits += frequencies[used[i]] * withLengths[used[i]];
        }
        return bits;
    }

    private void assignCodes() {
        int[] next = tree;
        int code = 0;
        for (int length = 1; length <= longest; length++) {
            next[length] = code;
            code = code + counts[length] << 1;
        }
        for (int i = 0; i < usedCount; i++) {
            int length = lengths[used[i]];
            codes[used[i]] = Integer.reverse(next[length]++) >>> 32 - length << 4 | length;
        }
    }
}
