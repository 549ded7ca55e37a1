package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.EventLoop;

/** Connections that are open and silent. */
final class IdleLane extends Lane {
    IdleLane(LoadPlan plan, Carrier carrier, EventLoop loop) {
        super(plan, carrier, loop);
    }

    @Override
    Peer peer(DeflateParameters deflate) {
        return new Peer(this, deflate) {
            @Override
            void received(boolean isCompressed) {
                // What a server says unasked is its own affair.
            }
        };
    }

    @Override
    void begin() {
        isSending = true;
    }

    @Override
    void stopSending(long end) {
        super.stopSending(end);
        tally.held(peers.size());
    }

    @Override
    long outstanding() {
        return 0;
    }

    @Override
    void giveUp(long now) {
        // Nothing was asked.
    }
}
