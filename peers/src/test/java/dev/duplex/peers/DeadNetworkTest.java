package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is reported of connections whose network has died: {@link DeadNetworkScene} plays it. */
@Tag("slow")
class DeadNetworkTest {

    @Test
    void theSystemGivesUpWhatItWasToldToAndTheServerWhoDoesNotAnswer() throws Exception {
        Programs.named("nft");
        Programs.named("ip");
        Loopback.Play played = Loopback.play(DeadNetworkScene.class);
        if (played.lines().contains(DeadNetworkScene.NO_NETWORK)) {
            played.mustComplainOfNoNetwork();
            return;
        }
        assertThat(played.lines()).as(played.complaints()).hasSize(2);
        assertThat(played.lines().getFirst()).startsWith("KERNEL the system gave the connection up: the network, or the peer's machine, does not answer; open for ");
        assertThat(played.lines().getLast()).startsWith("US nothing came for ")
                .contains("this end gave the peer up; what was sent is not acknowledged, so the network, or the machine, is gone; open for ")
                .contains("TCP's round trip ");
    }
}
