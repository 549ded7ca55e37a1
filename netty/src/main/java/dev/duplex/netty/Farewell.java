package dev.duplex.netty;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
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
    private final int[] peers;
    private final long beginNanos;
    private final long spreadNanos;
    private final IntConsumer goodBye;
    private final Runnable whenAllAreTold;
    private int told;

    /**
     * @param peers their places; who comes to the place of one that has left may be told as well
     * @param spreadNanos from the first good-bye to the last
     */
    Farewell(EventLoop loop, LongSupplier clock, int[] peers, long spreadNanos, IntConsumer goodBye,
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
        return told == peers.length;
    }

    @Override
    public void run() {
        for (int due = due(clock.getAsLong() - beginNanos); told < due; told++) {
            goodBye.accept(peers[told]);
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
        return isOver ? peers.length : Math.min(peers.length, 1 + (int) ((double) (peers.length - 1) * elapsedNanos / spreadNanos));
    }
}
