package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DeflateOptionsTest {
    private static final DeflateOptions DEFAULTS = DeflateOptions.defaults();

    @Test
    void theDefaultsKeepNoContextAndCompressFromOneKibibyteOn() {
        assertThat(DEFAULTS).isEqualTo(new DeflateOptions(false, false, 15, 15, 1024, 6));
    }

    @Test
    void eachChangeChangesItsOwnOptionAlone() {
        assertThat(DEFAULTS.withContextTakeover()).isEqualTo(new DeflateOptions(true, true, 15, 15, 1024, 6));
        assertThat(DEFAULTS.withMaxWindowBits(9, 10)).isEqualTo(new DeflateOptions(false, false, 9, 10, 1024, 6));
        assertThat(DEFAULTS.withThresholdBytes(7)).isEqualTo(new DeflateOptions(false, false, 15, 15, 7, 6));
        assertThat(DEFAULTS.withLevel(1)).isEqualTo(new DeflateOptions(false, false, 15, 15, 1024, 1));
    }

    @Rfc(number = 7692, section = "7.1.2", rule = "a window has 8 to 15 bits")
    @Test
    void eachOptionHasItsRangeAndSaysWhichWasLeft() {
        assertRange("serverMaxWindowBits must be 8 to 15: ", 8, 15, n -> DEFAULTS.withMaxWindowBits(n, 15));
        assertRange("clientMaxWindowBits must be 8 to 15: ", 8, 15, n -> DEFAULTS.withMaxWindowBits(15, n));
        assertRange("level must be 1 to 9: ", 1, 9, DEFAULTS::withLevel);
        assertThat(DEFAULTS.withThresholdBytes(0).thresholdBytes()).isZero();
        assertThatThrownBy(() -> DEFAULTS.withThresholdBytes(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("thresholdBytes must not be negative: -1");
    }

    private static void assertRange(String sentence, int least, int most, IntFunction<DeflateOptions> with) {
        assertThat(with.apply(least)).isNotNull();
        assertThat(with.apply(most)).isNotNull();
        for (int outside : new int[] {least - 1, most + 1}) {
            assertThatThrownBy(() -> with.apply(outside)).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence + outside);
        }
    }
}
