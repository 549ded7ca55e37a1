package dev.duplex.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {

    @ParameterizedTest
    @CsvSource({
        "proxy.example:3128, HTTP, proxy.example, 3128",
        "http://proxy.example, HTTP, proxy.example, 80",
        "HTTP://127.0.0.1:8080/, HTTP, 127.0.0.1, 8080",
        "socks4://127.0.0.1, SOCKS4, 127.0.0.1, 1080",
        "socks4a://a_b:1, SOCKS4A, a_b, 1",
        "socks5://[::1]:9050, SOCKS5, ::1, 9050",
        "socks5h://tor, SOCKS5H, tor, 1080",
    })
    void anAddressTellsKindHostAndPort(String text, Proxy.Kind kind, String host, int port) {
        assertThat(Proxy.parse(text)).isEqualTo(new Proxy(kind, host, port, "", ""));
    }

    @Test
    void nameAndPasswordMayHoldAnyCharacterEscaped() {
        Proxy proxy = Proxy.parse("http://us%40er:p%3A%2F+%ED%95%9C@h:1");
        assertThat(proxy.user()).isEqualTo("us@er");
        assertThat(proxy.password()).isEqualTo("p:/+한");
    }

    @Test
    void whatIsShownHasNoPassword() {
        assertThat(Proxy.parse("socks5h://me:secret@[::1]:9")).hasToString("socks5h://[::1]:9");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "http://", "http://me:secret@", "ftp://me:secret@h", "https://me:secret@h:1", "http://me:secret@h:0", "http://me:secret@h:65536", "http://me:secret@h:1/x",
        "http://me:secret%zz@h", "socks4://me:secret@h", "http://:secret@h", "http://me%0a:secret@h", "http://me%3ax:secret@h", "http://me:secret@h h"})
    void whatIsNoProxyIsRefusedWithoutTellingThePassword(String text) {
        assertThatThrownBy(() -> Proxy.parse(text)).isInstanceOf(IllegalArgumentException.class).message().doesNotContain("secret").isNotBlank();
    }
}
