package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Connections that are opened, closed, and opened again. */
final class HandshakeLane extends Lane {
    /** After a failure, so that a server which refuses is not stormed. */
    private static final int RETRY_MILLIS = 20;

    private final int atOnce;
    private int underWay;

    HandshakeLane(LoadPlan plan, Carrier carrier, EventLoop loop, int atOnce) {
        super(plan, carrier, loop);
        this.atOnce = atOnce;
    }

    /** Closes at once; once the server has closed too, it is the next one's turn, even before TCP has ended. */
    private final class Visitor extends Peer {
        Visitor(DeflateParameters deflate) {
            super(HandshakeLane.this, deflate);
        }

        @Override
        void received(boolean isCompressed) {
            // A greeting: nothing that was asked for.
        }

        @Override
        void ended() {
            underWay--;
            next();
        }
    }

    @Override
    Peer peer(DeflateParameters deflate) {
        return new Visitor(deflate);
    }

    @Override
    void begin() {
        isSending = true;
        for (int i = 0; i < atOnce; i++) {
            next();
        }
    }

    private void next() {
        if (!isSending) {
            return;
        }
        underWay++;
        long begun = System.nanoTime();
        carrier.open(loop, new Attempt.Outcome() {
            @Override
            public Peer opened(DeflateParameters deflate) {
                tally.answered(begun, System.nanoTime(), false);
                Peer peer = peer(deflate);
                loop.execute(peer::leave);
                return peer;
            }

            @Override
            public void failed(String why) {
                tally.lost(why);
                underWay--;
                loop.schedule(HandshakeLane.this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    @Override
    long outstanding() {
        return underWay;
    }

    @Override
    void giveUp(long now) {
        // A handshake that has not come to its end is none.
    }
}
