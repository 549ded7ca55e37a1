package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class FarewellTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long nanos = 1;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Pulse pulse = new Pulse(channel.eventLoop(), () -> nanos);

    FarewellTest() {
        channel.freezeTime();
    }

    /** Leaves when it is told; one that does not come back is no peer of its own. */
    private final class Peer implements Pulse.Member {
        private final boolean comesBack;
        private int place = Pulse.NOWHERE;
        private int told;

        Peer(boolean comesBack) {
            this.comesBack = comesBack;
            place = pulse.add(this);
        }

        @Override
        public void beat(long nowNanos) {}

        @Override
        public boolean comesBack() {
            return comesBack;
        }

        @Override
        public void drain() {
            told++;
            place = pulse.remove(place);
        }

        @Override
        public void abort() {}
    }

    private List<Peer> peers(int number) {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            peers.add(new Peer(true));
        }
        return peers;
    }

    private static long told(List<Peer> peers) {
        assertThat(peers).allMatch(peer -> peer.told <= 1);
        return peers.stream().filter(peer -> peer.told == 1).count();
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void goodByesAreSpreadEvenly() {
        List<Peer> peers = peers(1001);
        pulse.drain(2 * SECOND);
        assertThat(told(peers)).as("at once").isEqualTo(1);
        for (int millis = 20; millis <= 2000; millis += 20) {
            pass(20);
            assertThat(told(peers)).as("after %d ms", millis).isEqualTo(1 + millis / 2);
        }
    }

    @Test
    void whoeverWillNotComeBackIsToldAtOnce() {
        List<Peer> coming = peers(10);
        Peer idle = new Peer(false);
        pulse.drain(SECOND);
        assertThat(idle.told).isEqualTo(1);
        assertThat(told(coming)).isEqualTo(1);
    }

    @Test
    void oneAloneAndAllThatHaveNoTimeAreToldAtOnce() {
        List<Peer> one = peers(1);
        pulse.drain(SECOND);
        assertThat(told(one)).isEqualTo(1);

        List<Peer> many = peers(100);
        new Farewell(channel.eventLoop(), () -> nanos, IntStream.range(0, many.size()).toArray(), 0, i -> many.get(i).drain(), () -> {}).run();
        assertThat(told(many)).isEqualTo(100);
    }

    @Test
    void whoLeavesMeanwhileIsNotTold() {
        List<Peer> peers = peers(11);
        pulse.drain(SECOND);
        pulse.remove(peers.get(5).place);
        pass(2000);
        assertThat(told(peers)).isEqualTo(10);
        assertThat(peers.get(5).told).isZero();
    }

    @Test
    void whoComesMeanwhileIsToldInTheEnd() {
        List<Peer> peers = peers(11);
        pulse.drain(SECOND);
        Peer late = new Peer(true);
        pulse.drain(SECOND);
        pass(500);
        assertThat(late.told).as("a second call begins nothing anew").isZero();
        assertThat(told(peers)).isEqualTo(6);
        pass(500);
        assertThat(late.told).isEqualTo(1);
        Peer later = new Peer(true);
        pulse.drain(SECOND);
        assertThat(later.told).isEqualTo(1);
    }

    @Test
    void aSecondIsFor500AndTheLastHasItsCloseWait() {
        Duration closeWait = ConnectionOptions.STANDARD.closeWait();
        assertThat(Farewell.spreadNanos(0, WebSocketServer.DRAIN, closeWait)).isZero();
        assertThat(Farewell.spreadNanos(100, WebSocketServer.DRAIN, closeWait)).isEqualTo(SECOND / 5);
        assertThat(Farewell.spreadNanos(500, WebSocketServer.DRAIN, closeWait)).isEqualTo(SECOND);
        assertThat(Farewell.spreadNanos(12_500, WebSocketServer.DRAIN, closeWait)).isEqualTo(25 * SECOND);
        assertThat(Farewell.spreadNanos(1_000_000, WebSocketServer.DRAIN, closeWait)).isEqualTo(25 * SECOND);
        assertThat(Farewell.spreadNanos(1_000_000, Duration.ofSeconds(4), closeWait)).isZero();
    }
}
