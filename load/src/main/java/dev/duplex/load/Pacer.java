package dev.duplex.load;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends at a fixed rate over senders in turn, whatever becomes of the answers.
 *
 * <p>Message k is due at start + k / rate. One that could not be sent then, since this loop or the server was busy, is sent as
 * soon as can be and counts from when it was due.
 */
final class Pacer implements Runnable {
    /** A timer wakes up to 50 µs late on Linux, so below this the loop is asked again and again instead. */
    private static final long SHORT_NANOS = 200_000;

    /** What is given up is counted in so many lots, however much it is. */
    private static final int LOTS = 1000;

    /** Then reading has its turn. */
    private static final int MOST_AT_ONCE = 1000;

    private final Lane lane;
    private final EventLoop loop;
    private final List<? extends Sender> senders;
    private final double nanosEach;
    private long start;
    private long end = Long.MAX_VALUE;
    private long sent;

    Pacer(Lane lane, List<? extends Sender> senders, double perSecond) {
        this.lane = lane;
        this.loop = lane.loop;
        this.senders = senders;
        nanosEach = 1e9 / perSecond;
    }

    void start() {
        start = System.nanoTime();
        run();
    }

    /** From this moment on nothing is due. What was due before and is late is still sent, or a hold-up at the end would not show. */
    void endAt(long nanos) {
        end = nanos;
        run();
    }

    /** How many messages were due before the end, and are not sent yet. */
    long unsent() {
        return end == Long.MAX_VALUE ? 0 : Math.max(0, (long) Math.ceil((end - start) / nanosEach) - sent);
    }

    /** Counts what is not sent yet as unanswered. */
    void giveUp(long now) {
        long left = unsent();
        for (long lot = Math.ceilDiv(left, LOTS); left > 0; left -= lot) {
            lot = Math.min(lot, left);
            lane.tally.unsent(lot, due(), now);
            sent += lot;
        }
    }

    @Override
    public void run() {
        if (lane.isOver) {
            return;
        }
        int count = sendDue();
        for (int i = 0; i < Math.min(count, senders.size()); i++) {
            senders.get((int) ((sent - 1 - i) % senders.size())).flush();
        }
        if (due() - end >= 0) {
            return;
        }
        long wait = due() - System.nanoTime();
        if (wait < SHORT_NANOS) {
            loop.execute(this);
        } else {
            loop.schedule(this, wait - SHORT_NANOS / 2, TimeUnit.NANOSECONDS);
        }
    }

    private int sendDue() {
        long now = System.nanoTime();
        int count = 0;
        for (long due = due(); due - now <= 0 && due - end < 0 && count < MOST_AT_ONCE; due = due()) {
            senders.get((int) (sent++ % senders.size())).send(due);
            count++;
        }
        return count;
    }

    private long due() {
        return start + (long) (sent * nanosEach);
    }
}
