package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "65536, 65536", "64KiB, 65536", "16MiB, 16777216", "16 mib, 16777216", "1.5KiB, 1536", "1kB, 1000", "2MB, 2000000",
            "1GiB, 1073741824", "7B, 7"})
    void aNumberWithOrWithoutUnitIsRead(String text, long count) {
        assertThat(Bytes.parse(text)).isEqualTo(new Bytes(count));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "16M", "MiB", "1e6", "16MiBs", "0x10", "1,5MiB"})
    void whatIsNotANumberOfBytesIsRefused(String text) {
        assertThatThrownBy(() -> Bytes.parse(text)).hasMessageContaining("'" + text + "' is not a number of bytes");
    }

    @Test
    void moreThanTheMostIsWrongUse() {
        assertThat(new Bytes(10).atMost(10, "--x")).isEqualTo(10);
        assertThatThrownBy(() -> new Bytes(11).atMost(10, "--x")).hasMessage("--x is at most 10 bytes, not 11");
    }
}
