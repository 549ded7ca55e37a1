package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AddressLimitTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static InetAddress v4(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    @Test
    void anAddressMayHaveSoManyConnections() throws Exception {
        AddressLimit limit = new AddressLimit(2, 0);
        assertThat(limit.admits(v4(1), 0)).isTrue();
        assertThat(limit.admits(v4(1), 0)).isTrue();
        assertThat(limit.admits(v4(1), 100 * SECOND)).isFalse();
        assertThat(limit.admits(v4(2), 0)).isTrue();
        limit.gone(v4(1), 0);
        assertThat(limit.admits(v4(1), 0)).isTrue();
        assertThat(limit.admits(v4(1), 0)).isFalse();
    }

    @Test
    void anAddressMayOpenSoManyInASecond() throws Exception {
        AddressLimit limit = new AddressLimit(0, 2);
        for (int i = 0; i < 2; i++) {
            assertThat(limit.admits(v4(1), 0)).isTrue();
            limit.gone(v4(1), 0);
        }
        assertThat(limit.admits(v4(1), SECOND - 1)).isFalse();
        assertThat(limit.admits(v4(1), SECOND)).isTrue();
        assertThat(limit.admits(v4(1), SECOND)).isTrue();
        assertThat(limit.admits(v4(1), SECOND)).isFalse();
    }

    @Test
    void anAddressOfIpv6IsItsFirst64Bits() throws Exception {
        AddressLimit limit = new AddressLimit(1, 0);
        assertThat(limit.admits(InetAddress.getByName("2001:db8:1:1::1"), 0)).isTrue();
        assertThat(limit.admits(InetAddress.getByName("2001:db8:1:1:ffff::2"), 0)).isFalse();
        assertThat(limit.admits(InetAddress.getByName("2001:db8:1:2::1"), 0)).isTrue();
    }

    @Test
    void whoHasNothingIsForgotten() throws Exception {
        AddressLimit limit = new AddressLimit(1, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.admits(v4(i), 0)).isTrue();
            limit.gone(v4(i), 0);
        }
        assertThat(limit.addresses()).isZero();
    }

    @Test
    void theTableIsBounded() throws Exception {
        AddressLimit limit = new AddressLimit(0, 1);
        for (int i = 0; i < AddressLimit.MOST_ADDRESSES; i++) {
            assertThat(limit.admits(v4(i), 0)).isTrue();
        }
        for (int i = 1; i < AddressLimit.MOST_ADDRESSES; i++) {
            limit.gone(v4(i), 0);
        }
        assertThat(limit.admits(v4(1 << 20), 0)).as("a newcomer within the second").isFalse();
        assertThat(limit.addresses()).isEqualTo(AddressLimit.MOST_ADDRESSES);
        assertThat(limit.admits(v4(1 << 20), SECOND)).as("a newcomer later").isTrue();
        assertThat(limit.addresses()).as("who has a connection, and the newcomer").isEqualTo(2);
    }

    @Test
    void nothingIsCountedWithoutALimit() throws Exception {
        AddressLimit limit = new AddressLimit(0, 0);
        assertThat(limit.admits(v4(1), 0)).isTrue();
        limit.gone(v4(1), 0);
        assertThat(limit.addresses()).isZero();
    }
}
