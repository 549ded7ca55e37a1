package dev.duplex.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final URI WS = URI.create("ws://host.example/");
    private static final URI WSS = URI.create("wss://host.example/");

    private static String chosen(Map<String, String> variables, URI target) {
        return Proxies.environment(variables).towards(target).map(Proxy::toString).orElse("none");
    }

    @Test
    void eachSchemeHasItsVariable() {
        Map<String, String> both = Map.of("http_proxy", "http://a:1", "https_proxy", "http://b:2", "all_proxy", "socks5h://c:3");
        assertThat(chosen(both, WS)).isEqualTo("http://a:1");
        assertThat(chosen(both, WSS)).isEqualTo("http://b:2");
        assertThat(chosen(Map.of("ALL_PROXY", "socks5h://c:3"), WS)).isEqualTo("socks5h://c:3");
        assertThat(chosen(Map.of("ws_proxy", "http://d:4", "http_proxy", "http://a:1"), WS)).isEqualTo("http://d:4");
        assertThat(chosen(Map.of(), WSS)).isEqualTo("none");
    }

    @Test
    void lowerCaseWinsAndEmptyMeansNone() {
        assertThat(chosen(Map.of("http_proxy", "a:1", "HTTP_PROXY", "b:2"), WS)).isEqualTo("http://a:1");
        assertThat(chosen(Map.of("http_proxy", "", "all_proxy", "b:2"), WS)).isEqualTo("none");
    }

    @Test
    void aRequestToACgiProgramSetsNoProxy() {
        assertThat(chosen(Map.of("REQUEST_METHOD", "GET", "HTTP_PROXY", "evil:1"), WS)).isEqualTo("none");
        assertThat(chosen(Map.of("REQUEST_METHOD", "GET", "http_proxy", "mine:1"), WS)).isEqualTo("http://mine:1");
    }

    @Test
    void aVariableThatIsNoProxyIsNamed() {
        assertThatThrownBy(() -> chosen(Map.of("https_proxy", "gopher://x"), WSS)).hasMessageStartingWith("the variable https_proxy: ");
    }

    @Test
    void exemptHostsAreReachedDirectly() {
        assertThat(chosen(Map.of("http_proxy", "a:1", "NO_PROXY", "example"), WS)).isEqualTo("none");
        assertThat(Proxies.of(Proxy.parse("a:1")).except(Exempt.parse("host.example")).towards(WS)).isEmpty();
        assertThat(Proxies.of(Proxy.parse("a:1")).except(Exempt.parse("other.example")).towards(WS)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "*                     | ws://anything/           | true",
        "example.com           | ws://EXAMPLE.com/        | true",
        "example.com           | ws://a.example.com/      | true",
        "example.com           | ws://badexample.com/     | false",
        ".example.com          | wss://a.example.com./    | true",
        "*.example.com         | wss://a.example.com/     | true",
        "a.example:81          | ws://a.example:81/       | true",
        "a.example:81          | ws://a.example/          | false",
        "a.example:443         | wss://a.example/         | true",
        "b, 127.0.0.1 c        | ws://127.0.0.1:8080/     | true",
        "10.0.0.0/8            | ws://10.200.3.4/         | true",
        "10.0.0.0/8            | ws://11.0.0.1/           | false",
        "10.0.0.0/8            | ws://ten.example/        | false",
        "fd00::/8              | ws://[fd12::1]/          | true",
        "[::1]:9               | ws://[::1]:9/            | true",
        "::1                   | ws://[0:0:0:0:0:0:0:1]/  | true",
        "10.0.0.0/99,x/8,,     | ws://10.0.0.1/           | false",
        "''                    | ws://a/                  | false",
    })
    void exemptionsAreWrittenAsElsewhere(String list, String target, boolean isExempt) {
        assertThat(Exempt.parse(list).contains(URI.create(target))).isEqualTo(isExempt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://localhost:8080/", "ws://127.0.0.1/", "ws://127.1.2.3:9/", "wss://[::1]:8443/"})
    void thisMachineIsReachedWithoutTheEnvironmentsProxy(String target) {
        assertThat(Proxies.environment(Map.of("all_proxy", "http://p:1")).towards(URI.create(target))).isEmpty();
    }

    @Test
    void aRealmOfAnyLengthIsRead() {
        String realm = "\\a".repeat(20_000);
        assertThat(Challenge.of(List.of("Basic realm=\"" + realm + "\""))).singleElement()
                .satisfies(challenge -> assertThat(challenge.parameter("realm")).isEqualTo("a".repeat(20_000)));
    }

    @Test
    void theSystemsSelectorIsAskedInItsOwnWords() {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<java.net.Proxy> select(URI uri) {
                return List.of(switch (uri.toString()) {
                    case "http://host.example/" -> new java.net.Proxy(java.net.Proxy.Type.HTTP, InetSocketAddress.createUnresolved("p", 1));
                    case "https://host.example/" -> new java.net.Proxy(java.net.Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("q", 2));
                    default -> java.net.Proxy.NO_PROXY;
                });
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try {
            assertThat(Proxies.system().towards(WS)).contains(Proxy.parse("p:1"));
            assertThat(Proxies.system().towards(WSS)).contains(Proxy.parse("socks5h://q:2"));
            assertThat(Proxies.system().towards(URI.create("ws://other/"))).isEmpty();
        } finally {
            ProxySelector.setDefault(before);
        }
    }
}
