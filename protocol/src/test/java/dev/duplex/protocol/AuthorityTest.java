package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @Test
    void aNameIsMadeOfAsciiLettersDigitsAndFourSymbols() {
        for (char c = 0; c < 0x180; c++) {
            boolean isOne = c < 0x80 && Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0;
            if (c != ':' && c != 0x130) { // the one begins a port, the other is an i in lower case, and a dot
                assertThat(Authority.parse("a" + c + "b").isPresent()).as("U+%04X", (int) c).isEqualTo(isOne);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a:0, a, 0", "a:65535, a, 65535", "A:00080, a, 80", "a:, a, -1", "a, a, -1", "[::1]:1, [::1], 1", "[::ffff:1.2.3.4], [::ffff:1.2.3.4], -1"})
    void aPortIs0To65535AndMayBeLeftOut(String text, String host, int port) {
        assertThat(Authority.parse(text)).contains(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "a:65536", "a:100000", "a:000080", "a:-1", "a:8 ", "a:٣", "a:1:2", "[::1", "::1", "[::1]x", "[::1]:x", "[]", "[a]",
        "[::1%25eth0]", "a@b", "a/b", "a b", "İ"})
    void whatIsNoHostAndPortIsNone(String text) {
        assertThat(Authority.parse(text)).isEmpty();
    }

    @Test
    void aPortThatIsToldIsNotTheSchemes() {
        assertThat(new Authority("a", 0).under("http")).isEqualTo(new Authority("a", 0));
        assertThat(new Authority("a", -1).under("wss")).isEqualTo(new Authority("a", 443));
        assertThat(new Authority("a", 443).hostField("wss")).isEqualTo("a");
        assertThat(new Authority("a", 443).hostField("ws")).isEqualTo("a:443");
        assertThat(new Authority("a", 0).hostField("ws")).isEqualTo("a:0");
    }

    @Test
    void whoPutsCredentialsIntoAnAddressIsToldWhereTheyBelong() {
        for (String address : new String[] {"ws://u:p@a/", "ws://@a/"}) {
            assertThatThrownBy(() -> WebSocketUri.of(URI.create(address)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no user information (@)");
        }
    }
}
