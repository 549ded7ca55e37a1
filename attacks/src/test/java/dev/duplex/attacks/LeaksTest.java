package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeaksTest {
    @Test
    void aBufferThatNobodyReleasesIsReported() throws InterruptedException {
        lose();
        assertThat(Leaks.reported()).hasSize(1).first().asString().contains("LeaksTest.lose");
    }

    @Test
    void aReleasedBufferIsNot() throws InterruptedException {
        ByteBufAllocator.DEFAULT.buffer(64).release();
        assertThat(Leaks.reported()).isEmpty();
    }

    private static void lose() {
        ByteBufAllocator.DEFAULT.buffer(64).writeLong(1);
    }
}
