package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    private static final String ID = "0123456789abcdefghijkl";

    private final Sessions<String> sessions = new Sessions<>(Function.identity());

    @Test
    void aSessionIsFoundUntilItIsRemoved() {
        sessions.put(ID);
        assertThat(sessions.get(ID)).isEqualTo(ID);
        assertThat(sessions.size()).isEqualTo(1);
        sessions.remove(ID);
        assertThat(sessions.get(ID)).isNull();
        assertThat(sessions.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0123456789a", "0123456789abcdefghijk", "0123456789abcdefghijkm", "0123456789abcdefghijkl0", "1123456789abcdefghijkl",
            "0123456789a\u00e9"})
    void itIsKnownByAllOfItsId(String other) {
        sessions.put(ID);
        assertThat(sessions.get(other)).isNull();
    }
}
