package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingTest {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private long nanos = 1;
    private final HalfClosing channel = new HalfClosing();
    private final Ending ending = new Ending(new ChannelWire(channel), new Pulse(channel.eventLoop(), () -> nanos), CLOSE_WAIT);

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
        ending.beat(nanos);
    }

    private void receive() {
        ending.drop(Unpooled.wrappedBuffer(new byte[100]));
    }

    @Test
    void aSilentPeerIsLeftAfterASecond() {
        ending.begin();
        assertThat(channel.isOutputShutdown()).isTrue();
        pass(900);
        assertThat(channel.isOpen()).isTrue();
        pass(100);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aPeerThatStillSendsIsHeardUntilItIsSilentAndReadsTheClose() {
        ending.begin();
        for (int i = 0; i < 3; i++) {
            pass(900);
            receive();
        }
        pass(900);
        assertThat(channel.isOpen()).isTrue();
        pass(100);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aPeerThatNeverStopsIsLeftAfterTheCloseWait() {
        ending.begin();
        for (int i = 0; i < 9; i++) {
            pass(500);
            receive();
        }
        assertThat(channel.isOpen()).isTrue();
        pass(500);
        assertThat(channel.isOpen()).isFalse();
    }

    /** What a TCP channel is, in this respect. */
    private static final class HalfClosing extends EmbeddedChannel implements DuplexChannel {
        private boolean isOutputShutdown;

        @Override
        public boolean isOutputShutdown() {
            return isOutputShutdown;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            isOutputShutdown = true;
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            shutdownOutput();
            return promise.setSuccess();
        }

        @Override
        public boolean isInputShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdownInput() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdown() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            throw new UnsupportedOperationException();
        }
    }
}
