package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One event loop's share of a load: its connections and its counts. All of it belongs to that loop. */
abstract class Lane {
    /** How many handshakes of a loop are under way before the load: a server's queue of connections is often no longer than 128. */
    private static final int OPENING_AT_ONCE = 50;

    final LoadPlan plan;
    final Carrier carrier;
    final EventLoop loop;
    final Tally tally;
    final Set<Peer> peers = new LinkedHashSet<>();

    /** Whether the load goes on: until then answers are followed by new messages. */
    boolean isSending;

    /** Whether answers that still come are too late to matter. */
    boolean isOver;

    private final Map<DeflateParameters, Frames> frames = new HashMap<>();
    private Opening opening;
    private Pacer pacer;

    Lane(LoadPlan plan, Carrier carrier, EventLoop loop) {
        this.plan = plan;
        this.carrier = carrier;
        this.loop = loop;
        tally = new Tally(plan.isOpenLoop());
    }

    /** What takes over a WebSocket that is open. */
    abstract Peer peer(DeflateParameters deflate);

    /** Begins the load: everything is open. */
    abstract void begin();

    /** How many messages are under way. */
    abstract long outstanding();

    /** Counts what is under way as unanswered. */
    abstract void giveUp(long now);

    /** Hears how the connections that are opened first come along. */
    interface Opening {
        void opened();

        void failed(String why);
    }

    /** Opens so many connections. */
    final void open(int count, Opening hears) {
        opening = hears;
        int atOnce = Math.min(count, OPENING_AT_ONCE);
        int[] left = {count - atOnce};
        for (int i = 0; i < atOnce; i++) {
            openOne(left);
        }
    }

    private void openOne(int[] left) {
        carrier.open(loop, new Attempt.Outcome() {
            @Override
            public Peer opened(DeflateParameters deflate) {
                loop.execute(() -> {
                    opening.opened();
                    if (left[0]-- > 0) {
                        openOne(left);
                    }
                });
                return peer(deflate);
            }

            @Override
            public void failed(String why) {
                opening.failed(why);
            }
        });
    }

    /** Sends so many messages a second. */
    final void pace(List<? extends Sender> senders, double perSecond) {
        pacer = new Pacer(this, senders, perSecond);
        pacer.start();
    }

    /** Ends the load: what is under way may still be answered. @param end from when on nothing is due */
    void stopSending(long end) {
        isSending = false;
        if (pacer != null) {
            pacer.endAt(end);
        }
    }

    /** How many messages are to be sent or answered yet. */
    final long left() {
        return outstanding() + (pacer == null ? 0 : pacer.unsent());
    }

    /** Waits for them no longer. */
    final void stopWaiting(long now) {
        isOver = true;
        giveUp(now);
        if (pacer != null) {
            pacer.giveUp(now);
        }
    }

    /** Closes every connection. */
    final void leave() {
        List.copyOf(peers).forEach(Peer::leave);
    }

    final void joined(Peer peer) {
        peers.add(peer);
    }

    final void left(Peer peer) {
        peers.remove(peer);
    }

    final Frames frames(DeflateParameters deflate) {
        return frames.computeIfAbsent(deflate, agreed -> Frames.of(plan.payload().message(), agreed, plan.isOpenLoop() ? 1024 : plan.depth()));
    }

    final void release() {
        frames.values().forEach(Frames::release);
    }
}
