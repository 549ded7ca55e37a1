package dev.duplex.protocol;

/** How a dynamic block tells the lengths of its codes, which are themselves coded (RFC 1951 §3.2.7). */
final class CodeLengths {
    private static final int LONGEST = 7;
    private static final int LEAST_LITERALS = 257;
    private static final int LEAST_LENGTH_CODES = 4;

    private final HuffmanWriter codes = new HuffmanWriter(DeflateFormat.LENGTH_CODE_SYMBOLS, LONGEST);

    /** Symbols, and above them in eight bits how often they repeat, less the least that they may. */
    private final short[] runs = new short[DeflateFormat.LITERAL_SYMBOLS + DeflateFormat.DISTANCE_SYMBOLS];

    private int runCount;
    private int runLength;
    private int runTimes;
    private int literalCount;
    private int distanceCount;
    private int codeCount;
    private int extraBits;

    /** Takes the lengths of both alphabets, which are told as one sequence. */
    void build(HuffmanWriter literals, HuffmanWriter distances) {
        codes.clear();
        runCount = 0;
        extraBits = 0;
        runLength = -1;
        runTimes = 0;
        literalCount = tell(literals);
        distanceCount = tell(distances);
        endRun();
        codes.build();
        codeCount = DeflateFormat.LENGTH_CODE_SYMBOLS;
        // It ends above the least: some length is not 0, and those come behind the first four.
        while (codes.lengths[DeflateFormat.lengthCodeSymbol(codeCount - 1)] == 0) {
            codeCount--;
        }
    }

    /** Adds the lengths of one alphabet up to the last that occurs. @return how many */
    private int tell(HuffmanWriter alphabet) {
        int told = 0;
        for (int i = 0; i < alphabet.usedCount(); i++) {
            int symbol = alphabet.usedSymbol(i);
            if (symbol > told) {
                addToRun(0, symbol - told);
            }
            addToRun(alphabet.lengths[symbol], 1);
            told = symbol + 1;
        }
        return told;
    }

    private void addToRun(int length, int times) {
        if (length == runLength) {
            runTimes += times;
        } else {
            endRun();
            runLength = length;
            runTimes = times;
        }
    }

    private void endRun() {
        int left = runTimes;
        if (runLength == 0) {
            left = addRepeats(left, DeflateFormat.MANY_ZEROES, 11, 138);
            left = addRepeats(left, DeflateFormat.FEW_ZEROES, 3, 10);
        } else if (left > 3) {
            add(runLength, 0);
            left = addRepeats(left - 1, DeflateFormat.LAST_AGAIN, 3, 6);
        }
        for (; left > 0; left--) {
            add(runLength, 0);
        }
    }

    private int addRepeats(int times, int symbol, int least, int most) {
        int left = times;
        while (left >= least) {
            int taken = Math.min(left, most);
            add(symbol, taken - least);
            extraBits += repeatBits(symbol);
            left -= taken;
        }
        return left;
    }

    private void add(int symbol, int repeats) {
        runs[runCount++] = (short) (repeats << 8 | symbol);
        codes.frequencies[symbol]++;
    }

    private static int repeatBits(int symbol) {
        return switch (symbol) {
            case DeflateFormat.LAST_AGAIN -> 2;
            case DeflateFormat.FEW_ZEROES -> 3;
            case DeflateFormat.MANY_ZEROES -> 7;
            default -> 0;
        };
    }

    /** How many bits {@link #write} writes. */
    int bits() {
        return 14 + 3 * codeCount + codes.bits(codes.lengths) + extraBits;
    }

    void write(SmallDeflater to) {
        to.write(literalCount - LEAST_LITERALS, 5);
        to.write(distanceCount - 1, 5);
        to.write(codeCount - LEAST_LENGTH_CODES, 4);
        for (int place = 0; place < codeCount; place++) {
            to.write(codes.lengths[DeflateFormat.lengthCodeSymbol(place)], 3);
        }
        for (int i = 0; i < runCount; i++) {
            int symbol = runs[i] & 0xFF;
            to.writeCode(codes.codes[symbol]);
            to.write(runs[i] >>> 8, repeatBits(symbol));
        }
    }
}
