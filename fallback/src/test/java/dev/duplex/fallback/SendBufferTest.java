package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SendBufferTest {
    private final SendBuffer buffer = new SendBuffer();

    @Test
    void bytesAreKeptUntilTheyAreAcknowledged() {
        buffer.add(new byte[] {1, 2, 3});
        buffer.add(new byte[] {4, 5});
        assertThat(buffer.from(0, 100)).containsExactly(1, 2, 3, 4, 5);
        assertThat(buffer.from(0, 100)).as("again").containsExactly(1, 2, 3, 4, 5);
        assertThat(buffer.acknowledge(2)).isTrue();
        assertThat(buffer.from(2, 2)).containsExactly(3, 4);
        assertThat(buffer.start()).isEqualTo(2);
        assertThat(buffer.end()).isEqualTo(5);
    }

    @Test
    void whatWasNeverSentOrIsLongForgottenCannotBeAcknowledged() {
        buffer.add(new byte[] {1, 2, 3});
        assertThat(buffer.acknowledge(4)).isFalse();
        assertThat(buffer.acknowledge(3)).isTrue();
        assertThat(buffer.acknowledge(3)).as("twice").isTrue();
        assertThat(buffer.acknowledge(2)).isFalse();
        assertThat(buffer.from(3, 10)).isEmpty();
    }

    @Test
    void theWindowBoundsIt() {
        buffer.add(new byte[SendBuffer.WINDOW_BYTES]);
        assertThat(buffer.room()).isZero();
        assertThatThrownBy(() -> buffer.add(new byte[1])).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.acknowledge(1000)).isTrue();
        buffer.add(new byte[1000]);
        assertThat(buffer.room()).isZero();
    }
}
