package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab's page about loss, in Chromium, without loss and with it: {@link LossScene} plays it. */
class LossTest {
    private static Loopback.Play played;

    @BeforeAll
    static void play() throws Exception {
        Programs.named("chromium");
        Programs.named("chromedriver");
        Programs.named("nft");
        Programs.named("ip");
        played = Loopback.play(LossScene.class);
    }

    /** Where the system lets nobody make a network, the page's command must at least say so. */
    @ParameterizedTest
    @EnumSource
    void itGoesWell(LossScene.Act act) {
        if (act.needsLoss && played.lines().contains(LossScene.NO_NETWORK)) {
            played.mustComplainOfNoNetwork();
            return;
        }
        assertThat(played.lines()).as(played.complaints()).contains(act.name());
    }
}
