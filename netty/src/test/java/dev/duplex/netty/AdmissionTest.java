package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final AddressLimit addresses = new AddressLimit(1, 0);
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final Admission admission = new Admission(2, addresses, budget);

    @Test
    void whatAConnectionCountsForIsTakenBackAtItsEnd() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(admission.hasRoom(channel, 1000)).isTrue();
        assertThat(admission.admits(channel, PEER)).isTrue();
        assertThat(admission.admits(channel, PEER)).as("the same again").isTrue();
        assertThat(admission.admits(new EmbeddedChannel(), PEER)).as("one too many from there").isFalse();
        assertThat(admission.channels()).isEqualTo(1);
        assertThat(budget.heldBytes()).isEqualTo(1000);
        channel.close();
        assertNothingCounts();
    }

    @Test
    void aConnectionThatHasEndedAlreadyCountsForNothing() {
        EmbeddedChannel gone = new EmbeddedChannel();
        gone.close();
        assertThat(admission.hasRoom(gone, 1000)).isFalse();
        assertThat(admission.counts(gone)).isFalse();
        assertThat(admission.admits(gone, PEER)).isTrue();
        assertNothingCounts();
    }

    private void assertNothingCounts() {
        assertThat(admission.channels()).isZero();
        assertThat(budget.heldBytes()).isZero();
        assertThat(addresses.addresses()).isZero();
    }
}
