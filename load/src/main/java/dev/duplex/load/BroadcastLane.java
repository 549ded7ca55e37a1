package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Listeners, and on one lane the publisher, whose connection is the first to be opened. */
final class BroadcastLane extends Lane {
    private final Broadcast broadcast;
    private final boolean hasPublisher;
    private final List<Listening> listeners = new ArrayList<>();
    private Publishing publisher;

    BroadcastLane(LoadPlan plan, Carrier carrier, EventLoop loop, Broadcast broadcast, boolean hasPublisher) {
        super(plan, carrier, loop);
        this.broadcast = broadcast;
        this.hasPublisher = hasPublisher;
    }

    /** Awaits every message that is published, in order. */
    private final class Listening extends Peer {
        private long heard;
        private int justHeard;

        Listening(DeflateParameters deflate) {
            super(BroadcastLane.this, deflate);
        }

        @Override
        void received(boolean isCompressed) {
            long due = broadcast.due(heard++);
            if (due == -1 && isOver) {
                return;
            }
            if (due == -1) {
                tally.wrong("a listener heard what this load had not said, or heard it far too late");
            } else {
                tally.answered(due, now, isCompressed);
            }
            justHeard++;
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (justHeard > 0) {
                broadcast.delivered(justHeard);
                justHeard = 0;
            }
        }

        void giveUp(long moment) {
            for (long number = heard; number < broadcast.published(); number++) {
                tally.givenUp(broadcast.due(number), moment);
            }
            heard = broadcast.published();
        }
    }

    /** Says to all what they are to hear. */
    private final class Publishing extends Peer implements Sender {
        private long followed;

        Publishing(DeflateParameters deflate) {
            super(BroadcastLane.this, deflate);
        }

        @Override
        void received(boolean isCompressed) {
            // Some servers let a publisher hear itself; nobody waits for that.
        }

        /** As many are under way as the plan's depth says. */
        void follow() {
            long until = broadcast.completed() + plan.depth();
            if (!isSending || followed >= until) {
                return;
            }
            long due = System.nanoTime();
            for (; followed < until; followed++) {
                send(due);
            }
            flush();
        }

        @Override
        public void send(long dueNanos) {
            broadcast.publish(dueNanos);
            tally.sent(dueNanos, 1);
            frames.write(ctx, 1);
        }

        @Override
        public void flush() {
            ctx.flush();
        }
    }

    @Override
    Peer peer(DeflateParameters deflate) {
        if (hasPublisher && publisher == null) {
            publisher = new Publishing(deflate);
            return publisher;
        }
        Listening listener = new Listening(deflate);
        listeners.add(listener);
        return listener;
    }

    @Override
    void begin() {
        isSending = true;
        if (!hasPublisher) {
            return;
        }
        if (plan.isOpenLoop()) {
            pace(List.of(publisher), plan.perSecond());
            return;
        }
        broadcast.onDelivery(() -> {
            if (loop.inEventLoop()) {
                publisher.follow();
            } else {
                loop.execute(publisher::follow);
            }
        });
        publisher.follow();
    }

    @Override
    long outstanding() {
        return listeners.stream().mapToLong(listener -> broadcast.published() - listener.heard).sum();
    }

    @Override
    void giveUp(long now) {
        listeners.forEach(listener -> listener.giveUp(now));
    }
}
