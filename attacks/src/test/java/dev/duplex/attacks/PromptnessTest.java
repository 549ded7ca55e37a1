package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PromptnessTest {
    private static final int LATE_MILLIS = 1100;

    @Test
    void oneEchoWithinASecondIsEnough() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Promptness.assertWithinASecond(() -> Thread.sleep(tries.incrementAndGet() == 1 ? LATE_MILLIS : 0));
        assertThat(tries.get()).isGreaterThan(1);
    }

    @Test
    void whoIsLateEachTimeIsNotPrompt() {
        assertThatThrownBy(() -> Promptness.assertWithinASecond(() -> Thread.sleep(LATE_MILLIS))).isInstanceOf(AssertionError.class);
    }

    @Test
    void anEchoThatIsMissingIsNotAskedForAgain() {
        AtomicInteger tries = new AtomicInteger();
        assertThatThrownBy(() -> Promptness.assertWithinASecond(() -> {
            tries.incrementAndGet();
            throw new IOException("none");
        })).hasMessage("none");
        assertThat(tries).hasValue(1);
    }
}
