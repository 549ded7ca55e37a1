package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeflateFormatTest {

    /** Rows of the tables in RFC 1951 §3.2.5. */
    @ParameterizedTest
    @CsvSource({"257, 0, 3", "264, 0, 10", "265, 1, 11", "268, 1, 17", "269, 2, 19", "273, 3, 35", "280, 4, 115", "281, 5, 131",
        "284, 5, 227", "285, 0, 258"})
    void lengthsHaveTheSymbolsOfTheRfc(int symbol, int extraBits, int shortest) {
        assertThat(DeflateFormat.lengthSymbol(shortest)).isEqualTo(symbol);
        assertThat(DeflateFormat.lengthExtraBits(symbol)).isEqualTo(extraBits);
        assertThat(DeflateFormat.lengthOf(symbol)).isEqualTo(shortest);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "3, 0, 4", "4, 1, 5", "5, 1, 7", "6, 2, 9", "13, 5, 97", "28, 13, 16385", "29, 13, 24577"})
    void distancesHaveTheSymbolsOfTheRfc(int symbol, int extraBits, int shortest) {
        assertThat(DeflateFormat.distanceSymbol(shortest)).isEqualTo(symbol);
        assertThat(DeflateFormat.distanceExtraBits(symbol)).isEqualTo(extraBits);
        assertThat(DeflateFormat.distanceOf(symbol)).isEqualTo(shortest);
    }

    /** RFC 1951 §3.2.6. */
    @ParameterizedTest
    @CsvSource({"0, 8", "143, 8", "144, 9", "255, 9", "256, 7", "279, 7", "280, 8", "287, 8"})
    void theCodesOfAFixedBlockAreAsLongAsInTheRfc(int symbol, int bits) {
        assertThat(DeflateFormat.fixedLiteralLengths()).hasSize(288);
        assertThat(DeflateFormat.fixedLiteralLengths()[symbol]).isEqualTo((byte) bits);
    }

    @Test
    void distancesOfAFixedBlockHaveFiveBits() {
        assertThat(DeflateFormat.fixedDistanceLengths()).hasSize(32).containsOnly(5);
    }

    @Test
    void eachLengthAndDistanceIsItsSymbolsShortestAndExtraBits() {
        for (int length = 3; length <= 258; length++) {
            int symbol = DeflateFormat.lengthSymbol(length);
            assertThat(length - DeflateFormat.lengthOf(symbol)).isBetween(0, (1 << DeflateFormat.lengthExtraBits(symbol)) - 1);
        }
        for (int distance = 1; distance <= 32768; distance++) {
            int symbol = DeflateFormat.distanceSymbol(distance);
            assertThat(distance - DeflateFormat.distanceOf(symbol)).isBetween(0, (1 << DeflateFormat.distanceExtraBits(symbol)) - 1);
        }
    }
}
