package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Limits DEFAULTS = Limits.defaults();

    @Test
    void theDefaultsAreWhatTheDocumentationSays() {
        assertThat(DEFAULTS).isEqualTo(new Limits(1_048_576, 1024, 32, 30_000_000_000L, 1024, 100, 20, 0, 0));
    }

    @Test
    void eachLimitHasItsRangeAndSaysWhichWasLeft() {
        assertRange("maxMessageBytes", 0, 2_147_483_583, n -> DEFAULTS.withMaxMessageBytes((int) n));
        assertRange("maxFragments", 1, Integer.MAX_VALUE, n -> DEFAULTS.withMaxFragments((int) n));
        assertRange("bytesPerFragment", 1, Integer.MAX_VALUE, n -> new Limits(0, 1, (int) n, 1, 0, 1, 0, 0, 0));
        assertRange("messageDeadlineNanos", 1, Long.MAX_VALUE, DEFAULTS::withMessageDeadlineNanos);
        assertRange("minBytesPerSecond", 0, Integer.MAX_VALUE, n -> new Limits(0, 1, 1, 1, (int) n, 1, 0, 0, 0));
        assertRange("controlBurst", 1, Integer.MAX_VALUE, n -> DEFAULTS.withControlRate((int) n, 0));
        assertRange("controlPerSecond", 0, Integer.MAX_VALUE, n -> DEFAULTS.withControlRate(1, (int) n));
        assertRange("messageBurst", 0, Integer.MAX_VALUE, n -> DEFAULTS.withMessageRate((int) n, 0));
        assertRange("messagesPerSecond", 0, Integer.MAX_VALUE, n -> DEFAULTS.withMessageRate(0, (int) n));
    }

    private static void assertRange(String name, long least, long most, LongFunction<Limits> with) {
        assertThat(with.apply(least)).isNotNull();
        assertThat(with.apply(most)).isNotNull();
        assertThatThrownBy(() -> with.apply(least - 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + " is out of range: " + (least - 1));
        if (most < Integer.MAX_VALUE) {
            assertThatThrownBy(() -> with.apply(most + 1)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " is out of range: " + (most + 1));
        }
    }

    @Test
    void eachChangeChangesItsOwnLimitAlone() {
        assertThat(DEFAULTS.withMaxMessageBytes(7)).isEqualTo(new Limits(7, 1024, 32, 30_000_000_000L, 1024, 100, 20, 0, 0));
        assertThat(DEFAULTS.withMaxFragments(7)).isEqualTo(new Limits(1_048_576, 7, 32, 30_000_000_000L, 1024, 100, 20, 0, 0));
        assertThat(DEFAULTS.withMessageDeadlineNanos(7)).isEqualTo(new Limits(1_048_576, 1024, 32, 7, 1024, 100, 20, 0, 0));
        assertThat(DEFAULTS.withControlRate(7, 8)).isEqualTo(new Limits(1_048_576, 1024, 32, 30_000_000_000L, 1024, 7, 8, 0, 0));
        assertThat(DEFAULTS.withMessageRate(7, 8)).isEqualTo(new Limits(1_048_576, 1024, 32, 30_000_000_000L, 1024, 100, 20, 7, 8));
    }
}
