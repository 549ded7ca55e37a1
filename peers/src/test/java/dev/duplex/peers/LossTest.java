package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab's page about loss, in Chromium on a network that has nothing but loopback and loses packets: {@link LossScene} plays it. */
class LossTest {
    private static Loopback.Play played;

    @BeforeAll
    static void play() throws Exception {
        Programs.named("chromium");
        Programs.named("chromedriver");
        played = Loopback.play(LossScene.class);
    }

    /** Packets can be lost where there may be a network of one's own, with a firewall; elsewhere the rest of the page is tested. */
    @ParameterizedTest
    @EnumSource
    void itGoesWell(LossScene.Act act) {
        if (act.needsLoss && played.lines().contains(LossScene.NO_LOSS)) {
            Assumptions.abort(LossScene.NO_LOSS);
        }
        assertThat(played.lines()).as(played.complaints()).contains(act.name());
    }
}
