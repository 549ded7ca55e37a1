package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.Headers;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxies at 10.0.0.0/8 and 2001:db8::/32 are trusted; a connection comes from 10.0.0.1 if nothing else is said. */
class TrustedProxiesTest {
    private static final TrustedProxies PROXIES =
            new TrustedProxies(Stream.of("10.0.0.0/8", "2001:db8::/32").map(Network::parse).toList(), false);

    private static String told(String from, String... fields) {
        Caller caller = PROXIES.caller(new Caller(new InetSocketAddress(from, 9), false, null), Headers.of(fields));
        if (caller == null) {
            return "400";
        }
        InetSocketAddress address = (InetSocketAddress) caller.address();
        return address.getAddress().getHostAddress() + " " + address.getPort() + (caller.isSecure() ? " https" : " http")
                + (caller.host() == null ? "" : " " + caller.host());
    }

    private static String[] fields(String lines) {
        return Stream.of(lines.split(" \\| ")).flatMap(line -> Stream.of(line.split(": ", 2))).toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "Forwarded: for=192.0.2.60 # 192.0.2.60 0 http",
        "Forwarded: For=192.0.2.60;Proto=HTTPS;By=10.0.0.1 # 192.0.2.60 0 https",
        "Forwarded: for=\"192.0.2.60:4711\";host=a.example;proto=http # 192.0.2.60 4711 http a.example",
        "Forwarded: for=\"[2001:db9:cafe::17]:47\";host=\"a.example:8443\" # 2001:db9:cafe:0:0:0:0:17 47 http a.example:8443",
        "Forwarded: for=\"\\1\\9\\2.0.2.60\" # 192.0.2.60 0 http",
        "Forwarded: for=\"192.0.2.60:_port\" # 192.0.2.60 0 http",
        "Forwarded: ,, for=192.0.2.60 , , # 192.0.2.60 0 http",
        "Forwarded: secret=\"a, for=6.6.6.6\";for=192.0.2.60 # 192.0.2.60 0 http",
        "X-Forwarded-For: 192.0.2.60 # 192.0.2.60 0 http",
        "x-forwarded-for: 2001:db9::1 | x-forwarded-proto: wss # 2001:db9:0:0:0:0:0:1 0 https",
        "X-Forwarded-For: [2001:db9::1]:99 | X-Forwarded-Host: a.example # 2001:db9:0:0:0:0:0:1 99 http a.example",
        "X-Forwarded-For: 192.0.2.60:4711 # 192.0.2.60 4711 http",
        "X-Forwarded-Proto: https # 10.0.0.1 9 https",
        "X-Forwarded-Host: a.example # 10.0.0.1 9 http a.example",
    })
    void aTrustedProxyTellsWhoTheClientIs(String lines, String client) {
        assertThat(told("10.0.0.1", fields(lines))).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        // The client has made up 6.6.6.6.
        "Forwarded: for=6.6.6.6;proto=https, for=192.0.2.60;proto=http # 192.0.2.60 0 http",
        "Forwarded: for=6.6.6.6 | Forwarded: for=192.0.2.60 | Forwarded: for=10.0.0.2;proto=https # 192.0.2.60 0 https",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.60 # 192.0.2.60 0 http",
        "X-Forwarded-For: 6.6.6.6 | X-Forwarded-For: 192.0.2.60 | X-Forwarded-For: 10.2.3.4, 2001:db8::2 # 192.0.2.60 0 http",
        "X-Forwarded-For: 10.6.6.6, 192.0.2.60, 10.0.0.2 # 192.0.2.60 0 http",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.60, 10.0.0.2 | X-Forwarded-Proto: https, http, http # 192.0.2.60 0 http",
        "X-Forwarded-For: 192.0.2.60, 10.0.0.2 | X-Forwarded-Proto: https, http # 192.0.2.60 0 https",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.60 | X-Forwarded-Proto: http # 192.0.2.60 0 http",
        "X-Forwarded-For: 192.0.2.60 | X-Forwarded-Proto: https, http # 192.0.2.60 0 http",
        "X-Forwarded-Proto: https, http # 10.0.0.1 9 http",
    })
    void whatStandsLeftOfTheClientIsNotBelieved(String lines, String client) {
        assertThat(told("10.0.0.1", fields(lines))).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        "Forwarded: for=unknown;proto=https # 10.0.0.1 9 https",
        "Forwarded: for=6.6.6.6, for=_hidden, for=10.0.0.2 # 10.0.0.2 0 http",
        "Forwarded: proto=https # 10.0.0.1 9 https",
        "X-Forwarded-For: unknown # 10.0.0.1 9 http",
        "X-Forwarded-For: 6.6.6.6, a.example, 10.0.0.2 # 10.0.0.2 0 http",
        "X-Forwarded-For: 6.6.6.6,  # 10.0.0.1 9 http",
        "X-Forwarded-For: [192.0.2.60] # 10.0.0.1 9 http",
        "X-Forwarded-For: [::1]x # 10.0.0.1 9 http",
        "X-Forwarded-For: [::1 # 10.0.0.1 9 http",
        "X-Forwarded-For: 192.0.2.60 | X-Forwarded-Proto: gopher | X-Forwarded-Host: a/b@c # 192.0.2.60 0 http",
        "X-Forwarded-For: 192.0.2.60:99999 # 192.0.2.60 0 http",
        "X-Forwarded-For: 10.0.0.3, 10.0.0.2 # 10.0.0.3 0 http",
    })
    void whatIsASecretOrNoAddressLeavesTheLastThatIsKnown(String lines, String client) {
        assertThat(told("10.0.0.1", fields(lines))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Forwarded: for=\"192.0.2.60",
        "Forwarded: for=\"6.6.6.6, for=192.0.2.60",
        "Forwarded: for=192.0.2.60 for=6.6.6.6",
        "Forwarded: for=192.0.2.60;for=6.6.6.6",
        "Forwarded: for",
        "Forwarded: for=",
        "Forwarded: for =192.0.2.60",
        "Forwarded: =192.0.2.60",
        "Forwarded: for=2001:db9::1",
        "Forwarded: for=192.0.2.60:80",
        "Forwarded: for=\"192.0.2.60\"x",
        "Forwarded: for=\"192.0.2.60\\",
        "Forwarded: for=192.0.2.60 | X-Forwarded-For: 6.6.6.6",
        "Forwarded: for=192.0.2.60;proto=https | X-Forwarded-For: 192.0.2.60 | X-Forwarded-Proto: http",
        "Forwarded: host=b.example | X-Forwarded-Host: a.example",
    })
    void aMalformedHeaderAndOneThatContradictsTheOtherAreRefused(String lines) {
        assertThat(told("10.0.0.1", fields(lines))).isEqualTo("400");
        assertThat(told("192.0.2.1", fields(lines))).as("from a stranger it is nothing").isEqualTo("192.0.2.1 9 http");
    }

    @Test
    void bothHeadersMayTellTheSameAndEachWhatTheOtherDoesNot() {
        assertThat(told("10.0.0.1", "Forwarded", "for=\"192.0.2.60:4711\"", "X-Forwarded-For", "192.0.2.60", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "a.example"))
                .isEqualTo("192.0.2.60 4711 https a.example");
    }

    @Test
    void nobodyElseIsBelieved() {
        String[] lies = {"Forwarded", "for=6.6.6.6;proto=https;host=evil.example", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"};
        assertThat(told("192.0.2.1", lies)).isEqualTo("192.0.2.1 9 http");
        assertThat(TrustedProxies.NONE.caller(new Caller(new InetSocketAddress("10.0.0.1", 9), false, null), Headers.of(lies)).host()).isNull();
    }

    @Test
    void hopsWithoutEndAreReadInLinearTime() {
        String many = "10.0.0.2, ".repeat(1600);
        assertThat(told("10.0.0.1", "X-Forwarded-For", "192.0.2.60, " + many + "10.0.0.3")).isEqualTo("192.0.2.60 0 http");
        assertThat(ForwardedHeader.hops(List.of("for=10.0.0.2,".repeat(1200)))).hasSize(1200);
    }
}
