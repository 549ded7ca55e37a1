package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"250us, PT0.00025S", "500ms, PT0.5S", "10s, PT10S", "1.5s, PT1.5S", "2m, PT2M", "1h, PT1H", "0s, PT0S"})
    void aNumberWithUnitIsRead(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "10 seconds", "1d", "99999h"})
    void whatIsNotADurationIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).hasMessageStartingWith("'" + text + "' is");
    }

    @ParameterizedTest
    @CsvSource({"PT0.00012345S, 0.12 ms", "PT0.0123S, 12.3 ms", "PT1.2345S, 1235 ms"})
    void aRoundTripIsShownWithThreeDigits(Duration duration, String shown) {
        assertThat(Durations.inMillis(duration)).isEqualTo(shown);
    }
}
