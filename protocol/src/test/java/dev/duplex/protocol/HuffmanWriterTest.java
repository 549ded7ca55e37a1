package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuffmanWriterTest {

    /** The example of RFC 1951 §3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4 have the codes 010 to 110, 00, 1110, 1111. */
    @Test
    void codesOfTheRfcsExampleFollowFromTheirLengths() {
        HuffmanWriter codes = HuffmanWriter.ofLengths(new byte[] {3, 3, 3, 3, 3, 2, 4, 4, 15, 15, 15, 15, 15, 15, 15, 15});
        String[] expected = {"010", "011", "100", "101", "110", "00", "1110", "1111"};
        for (int symbol = 0; symbol < expected.length; symbol++) {
            assertThat(codes.codes[symbol] & 0xF).isEqualTo(expected[symbol].length());
            assertThat(codes.codes[symbol] >>> 4).isEqualTo(Integer.parseInt(new StringBuilder(expected[symbol]).reverse().toString(), 2));
        }
    }

    @Test
    void whatIsMoreFrequentHasAShorterCode() {
        HuffmanWriter codes = counted(20, 15, 8, 4, 2, 1, 1);
        codes.build();
        assertThat(codes.lengths).startsWith(1, 2, 3, 4, 4, 0);
        assertThat(codes.bits(codes.lengths)).isEqualTo(8 + 4 * 2 + 2 * 3 + 4 + 4);
    }

    /** Fibonacci's numbers make the deepest tree that there is. */
    @ParameterizedTest
    @ValueSource(ints = {7, 15})
    void noCodeIsLongerThanItMayBe(int longest) {
        int[] fibonacci = new int[19];
        for (int i = 0; i < fibonacci.length; i++) {
            fibonacci[i] = i < 2 ? 1 : fibonacci[i - 1] + fibonacci[i - 2];
        }
        HuffmanWriter codes = counted(fibonacci.length, longest, fibonacci);
        codes.build();
        int filled = 0;
        for (int symbol = 0; symbol < fibonacci.length; symbol++) {
            assertThat(codes.lengths[symbol]).isBetween((byte) 1, (byte) longest);
            assertThat(codes.lengths[symbol]).isLessThanOrEqualTo(codes.lengths[Math.max(0, symbol - 1)]);
            filled += 1 << longest - codes.lengths[symbol];
        }
        assertThat(filled).as("no bits are left without a code").isEqualTo(1 << longest);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 1", "0, 0, 1", "1, 0, 1", "5, 0, 5"})
    void anAlphabetHasTwoCodesAtLeast(int only, int one, int other) {
        HuffmanWriter codes = new HuffmanWriter(30, 15);
        if (only >= 0) {
            codes.frequencies[only] = 9;
        }
        codes.build();
        assertThat(codes.usedCount()).isEqualTo(2);
        assertThat(codes.codes[one]).isEqualTo(1);
        assertThat(codes.codes[other]).isEqualTo(1 << 4 | 1);
    }

    private static HuffmanWriter counted(int symbols, int longest, int... frequencies) {
        HuffmanWriter codes = new HuffmanWriter(symbols, longest);
        System.arraycopy(frequencies, 0, codes.frequencies, 0, frequencies.length);
        return codes;
    }
}
