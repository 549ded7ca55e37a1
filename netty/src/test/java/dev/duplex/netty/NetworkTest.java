package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::1, ::1, true",
        "::1, ::2, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::ffff:10.0.0.1, 10.0.0.1, true",
    })
    void anAddressIsInANetworkIfItBeginsWithItsBits(String network, String address, boolean isIn) throws Exception {
        assertThat(Network.parse(network).contains(new InetSocketAddress(InetAddress.getByName(address), 80))).isEqualTo(isIn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "10", "::1/129", "[::1]", "fe80::1%eth0", "*", "10.0.0.1, ::1", "1.2.3.4/8/9"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text)).withMessageStartingWith("not a network such as 10.0.0.0/8");
    }

    @Test
    void aUnixSocketIsANetworkOfItsOwn() {
        assertThat(Network.parse("unix:").contains(new DomainSocketAddress("/run/a"))).isTrue();
        assertThat(Network.parse("unix:").contains(new InetSocketAddress("127.0.0.1", 1))).isFalse();
        assertThat(Network.parse("0.0.0.0/0").contains(new DomainSocketAddress("/run/a"))).isFalse();
        assertThat(Network.parse("unix:").contains(null)).as("a peer that has gone").isFalse();
    }
}
