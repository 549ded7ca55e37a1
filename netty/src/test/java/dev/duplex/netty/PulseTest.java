package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class PulseTest {
    private final List<String> calls = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long nanos;
    private final Pulse pulse = new Pulse(channel.eventLoop(), () -> nanos);

    PulseTest() {
        channel.freezeTime();
    }

    private final class One implements Pulse.Member {
        private final String name;
        private int slot = -1;

        One(String name) {
            this.name = name;
            pulse.add(this);
        }

        private void called(String how) {
            calls.add(name + " " + how);
            if (name.equals("broken")) {
                throw new StackOverflowError("planted");
            }
        }

        @Override
        public void beat(long nowNanos) {
            called("beat");
        }

        @Override
        public void drain() {
            called("drain");
        }

        @Override
        public boolean comesBack() {
            return true;
        }

        @Override
        public void abort() {
            called("abort");
        }

        @Override
        public int slot() {
            return slot;
        }

        @Override
        public void slot(int newSlot) {
            slot = newSlot;
        }
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void allBeatOnWhateverOneOfThemThrows() {
        new One("first");
        new One("broken");
        new One("last");
        for (int beats = 0; beats < 2; beats++) {
            pass(Pulse.BEAT_MILLIS);
            assertThat(calls).containsExactly("last beat", "broken beat", "first beat");
            calls.clear();
        }
    }

    @Test
    void allAreToldOfTheEndWhateverOneOfThemThrows() {
        new One("first");
        new One("broken");
        new One("last");
        pulse.drain(0);
        assertThat(calls).startsWith("first drain", "broken drain", "last drain");
        calls.clear();
        pulse.forEach(Pulse.Member::abort);
        assertThat(calls).containsExactly("last abort", "broken abort", "first abort");
    }
}
