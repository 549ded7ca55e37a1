package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
    private static final OriginPolicy LIST = OriginPolicy.allowing("https://app.example.com", "http://localhost:3000");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://example.com        | example.com      | false", "https://example.com      | example.com      | true",
        "http://example.com        | example.com:80   | false", "http://example.com:80    | example.com      | false",
        "https://example.com:443   | EXAMPLE.com      | true",  "HTTP://Example.COM       | example.com      | false",
        "http://127.0.0.1:8080     | 127.0.0.1:8080   | false", "http://[::1]:8080        | [::1]:8080       | false",
        "http://localhost          | localhost:       | false", "http://a.                | a.               | false"})
    @Rfc(section = "10.2", rule = "a page of the same origin may connect")
    void theSameOriginIsPermitted(String origin, String host, boolean isSecure) {
        assertThat(OriginPolicy.sameOrigin().permits(headers(host, origin), isSecure)).isTrue();
        assertThat(LIST.permits(headers(host, origin), isSecure)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "null                            | example.com      | false", "''                            | example.com    | false",
        "https://example.com             | example.com      | false", "http://example.com            | example.com    | true",
        "http://example.com:8080         | example.com      | false", "http://example.com            | example.com:81 | false",
        "http://example.com.             | example.com      | false", "http://sub.example.com        | example.com    | false",
        "http://example.com.evil.io      | example.com      | false", "http://example.comevil.io     | example.com    | false",
        "http://evil.io/example.com      | example.com      | false", "http://evil.io#example.com    | example.com    | false",
        "http://evil.io@example.com      | example.com      | false", "http://example.com@evil.io    | example.com    | false",
        "http://example.com/             | example.com      | false", "http://example.com?           | example.com    | false",
        "http://example.com http://a     | example.com      | false", "http://example.com,http://a   | example.com    | false",
        "example.com                     | example.com      | false", "//example.com                 | example.com    | false",
        "ws://example.com                | example.com      | false", "http:/example.com             | example.com    | false",
        "http://xn--exmple-cua.com       | exmple.com       | false", "http://127.0.0.1              | localhost      | false",
        "http://localhost                | 127.0.0.1        | false", "file://                       | example.com    | false",
        "http://                         | example.com      | false", "http://example.com:99999      | example.com    | false",
        "http://*                        | example.com      | false", "http://exámple.com            | exámple.com    | false"})
    @Rfc(section = "10.2", rule = "a page of a foreign origin may not connect")
    void foreignOriginsAreNot(String origin, String host, boolean isSecure) {
        assertThat(OriginPolicy.sameOrigin().permits(headers(host, origin), isSecure)).isFalse();
        assertThat(LIST.permits(headers(host, origin), isSecure)).isFalse();
        assertThat(OriginPolicy.any().permits(headers(host, origin), isSecure)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "https://APP.example.com:443", "http://localhost:3000"})
    void listedOriginsArePermitted(String origin) {
        assertThat(LIST.permits(headers("other.example.com", origin), false)).isTrue();
        assertThat(OriginPolicy.sameOrigin().permits(headers("other.example.com", origin), false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://app.example.com", "https://app.example.com:8443", "https://app.example.com.", "https://app.example.com.evil.io",
        "https://xapp.example.com", "https://example.com", "http://localhost", "http://localhost:3001", "null"})
    void whatLooksLikeAListedOriginIsNot(String origin) {
        assertThat(LIST.permits(headers("other.example.com", origin), false)).isFalse();
    }

    @Test
    @Rfc(section = "10.2", rule = "who sends no Origin is no browser and may connect")
    void clientsWithoutOriginArePermitted() {
        Headers none = Headers.of("Host", "example.com");
        assertThat(OriginPolicy.sameOrigin().permits(none, false)).isTrue();
        assertThat(LIST.permits(none, false)).isTrue();
        assertThat(OriginPolicy.any().permits(none, false)).isTrue();
    }

    @Test
    void twoOriginsAreNone() {
        Headers twice = headers("example.com", "http://example.com").with("origin", "http://example.com");
        assertThat(OriginPolicy.sameOrigin().permits(twice, false)).isFalse();
        assertThat(OriginPolicy.allowing("http://example.com").permits(twice, false)).isFalse();
    }

    @Test
    void withoutOneHostNothingIsTheSameOrigin() {
        Headers origin = Headers.of("Origin", "http://example.com");
        assertThat(OriginPolicy.sameOrigin().permits(origin, false)).isFalse();
        assertThat(OriginPolicy.sameOrigin().permits(origin.with("Host", "example.com").with("Host", "example.com"), false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "", "example.com", "https://", "https://example.com/", "https://*.example.com", "https://a https://b",
        "https://user@example.com", "https://a\r\nb"})
    void anEntryThatIsNoOriginIsTold(String entry) {
        assertThatIllegalArgumentException().isThrownBy(() -> OriginPolicy.allowing("https://good.example.com", entry))
                .withMessageContaining("an origin is scheme://host[:port]");
    }

    @Test
    void originsOfOtherSchemesCanBeListed() {
        OriginPolicy policy = OriginPolicy.allowing("chrome-extension://abcdef");
        assertThat(policy.permits(headers("example.com", "chrome-extension://abcdef"), true)).isTrue();
        assertThat(policy.permits(headers("example.com", "chrome-extension://abcdeg"), true)).isFalse();
    }

    private static Headers headers(String host, String origin) {
        return Headers.of("Host", host, "Origin", origin);
    }
}
