package dev.duplex.netty;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The good-byes of a server that goes down, to the peers of one event loop: one after the other, since each may come back at once.
 *
 * <p>Whoever they come back to, this server begun anew or another, has then to open so many in a second, and no more. Used on its
 * loop alone.
 */
final class Farewell implements Runnable {
    /** A handshake of TLS takes a core about a millisecond, and whoever it comes back to has other things to do. */
    static final int PER_SECOND = 500;

    static final long STEP_MILLIS = 20;

    private final EventLoop loop;
    private final LongSupplier clock;
    private final List<Pulse.Member> peers;
    private final long beginNanos;
    private final long spreadNanos;
    private final Consumer<Pulse.Member> goodBye;
    private final Runnable whenAllAreTold;
    private int told;

    /** @param spreadNanos from the first good-bye to the last */
    Farewell(EventLoop loop, LongSupplier clock, List<Pulse.Member> peers, long spreadNanos, Consumer<Pulse.Member> goodBye,
            Runnable whenAllAreTold) {
        this.loop = loop;
        this.clock = clock;
        this.peers = peers;
        this.beginNanos = clock.getAsLong();
        this.spreadNanos = spreadNanos;
        this.goodBye = goodBye;
        this.whenAllAreTold = whenAllAreTold;
    }

    /**
     * How long good-byes to so many take.
     *
     * @param atMost for the whole drain
     * @param closeWait what is left of it for the last one to answer
     */
    static long spreadNanos(int peers, Duration atMost, Duration closeWait) {
        long room = Math.max(0, atMost.minus(closeWait).toNanos());
        return Math.min(room, peers * TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
    }

    boolean isOver() {
        return told == peers.size();
    }

    @Override
    public void run() {
        for (int due = due(clock.getAsLong() - beginNanos); told < due; told++) {
            Pulse.Member peer = peers.get(told);
            if (peer.slot() >= 0) {
                goodBye.accept(peer);
            }
        }
        if (!isOver()) {
            loop.schedule(this, STEP_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            whenAllAreTold.run();
        }
    }

    /** How many must know by then: the first at once, the last at the end. */
    private int due(long elapsedNanos) {
        boolean isOver = elapsedNanos >= spreadNanos;
        return isOver ? peers.size() : Math.min(peers.size(), 1 + (int) ((double) (peers.size() - 1) * elapsedNanos / spreadNanos));
    }
}
