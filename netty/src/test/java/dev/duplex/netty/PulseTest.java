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
        private int place = Pulse.NOWHERE;

        One(String name) {
            this.name = name;
            place = pulse.add(this);
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
    void thePlaceOfOneThatHasLeftIsAnothers() {
        One first = new One("first");
        One gone = new One("gone");
        new One("last");
        gone.place = pulse.remove(gone.place);
        gone.place = pulse.remove(gone.place);
        new One("newcomer");
        pass(Pulse.BEAT_MILLIS);
        assertThat(calls).containsExactly("last beat", "newcomer beat", "first beat");
        first.place = pulse.remove(first.place);
        new One("another");
        calls.clear();
        pass(Pulse.BEAT_MILLIS);
        assertThat(calls).containsExactly("last beat", "newcomer beat", "another beat");
    }

    @Test
    void manyMayComeAndLeave() {
        for (int rounds = 0; rounds < 2; rounds++) {
            List<One> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(new One("one"));
            }
            many.forEach(one -> one.place = pulse.remove(one.place));
            pass(Pulse.BEAT_MILLIS);
            assertThat(calls).isEmpty();
        }
        new One("last");
        pass(Pulse.BEAT_MILLIS);
        assertThat(calls).containsExactly("last beat");
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
