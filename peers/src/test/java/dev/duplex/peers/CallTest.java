package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call in Chromium with made-up pictures, on a network that has nothing but loopback: {@link CallScene} plays it. */
class CallTest {
    private static Loopback.Play played;

    @BeforeAll
    static void play() throws Exception {
        Programs.named("chromium");
        Programs.named("chromedriver");
        played = Loopback.play(CallScene.class);
    }

    @ParameterizedTest
    @EnumSource
    void itGoesWell(CallScene.Act act) {
        assertThat(played.lines()).as(played.complaints()).contains(act.name());
    }
}
