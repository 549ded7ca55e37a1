package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class InterfacesTest {

    @Test
    void addressesStandAsInAUrl() throws UnknownHostException {
        assertThat(Interfaces.listeningOn(InetAddress.getByName("127.0.0.1"))).containsExactly("127.0.0.1");
        assertThat(Interfaces.listeningOn(InetAddress.getByName("::1"))).containsExactly("[::1]");
    }

    @Test
    void theWildcardIsEveryAddressLoopbackFirst() throws UnknownHostException {
        assertThat(Interfaces.listeningOn(InetAddress.getByName("0.0.0.0"))).first().isEqualTo("127.0.0.1");
    }
}
