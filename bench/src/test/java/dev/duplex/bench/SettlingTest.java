package dev.duplex.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SettlingTest {

    @Test
    void threeSecondsWithoutAGainEndIt() {
        assertThat(secondsUntilSettled(50, 20, 10, 10.2, 9.9, 10.1)).isEqualTo(6);
    }

    @Test
    void aSlowGainGoesOn() {
        assertThat(secondsUntilSettled(10, 9.5, 9, 8.5, 8, 7.5, 7)).isEqualTo(-1);
    }

    @Test
    void noiseKeepsNobodyWaiting() {
        assertThat(secondsUntilSettled(10, 14, 9.9, 13)).isEqualTo(4);
    }

    @Test
    void aLateGainBeginsTheWaitAnew() {
        assertThat(secondsUntilSettled(10, 10, 10, 7, 7, 7, 7)).isEqualTo(7);
    }

    private static int secondsUntilSettled(double... costs) {
        Settling settling = new Settling();
        boolean[] settled = new boolean[1];
        int seconds = (int) DoubleStream.of(costs).takeWhile(cost -> !settled[0]).peek(cost -> settled[0] = settling.after(cost)).count();
        return settled[0] ? seconds : -1;
    }
}
