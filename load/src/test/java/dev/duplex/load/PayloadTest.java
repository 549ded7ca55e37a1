package dev.duplex.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_536})
    void aPayloadHasItsSizeAndIsTheSameEachTime(int bytes) {
        assertThat(Payload.text(bytes).message().byteLength()).isEqualTo(bytes);
        assertThat(Payload.text(bytes).message()).isEqualTo(Payload.text(bytes).message());
        assertThat(Payload.binary(bytes).message().byteLength()).isEqualTo(bytes);
        assertThat(Payload.binary(bytes).message()).isEqualTo(Payload.binary(bytes).message());
    }
}
