package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTest {
    @ParameterizedTest
    @CsvSource({"<5ms, 4999999, true", "<5ms, 5000000, false", "<=5ms, 5000000, true", "> 1s, 1000000001, true", ">=250us, 249999, false"})
    void aLatencyKeepsToItsBoundOrDoesNot(String bound, double nanos, boolean holds) {
        assertThat(Bound.ofLatency("--p99", bound).holds(nanos)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({">10000, 10001, true", ">10000, 10000, false", ">=10000.5, 10000.5, true"})
    void aNumberKeepsToItsBoundOrDoesNot(String bound, double measured, boolean holds) {
        assertThat(Bound.ofNumber("--throughput", bound).holds(measured)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5ms", "<", "<5", "=5ms", "<<5ms", "<-5ms"})
    void whatIsNoBoundIsWrongUse(String bound) {
        assertThatThrownBy(() -> Bound.ofLatency("--p99", bound)).isInstanceOf(Complaint.class).hasMessageStartingWith("--p99");
    }
}
