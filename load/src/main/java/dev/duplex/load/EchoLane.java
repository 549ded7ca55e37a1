package dev.duplex.load;

import dev.duplex.protocol.DeflateParameters;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Connections whose messages come back. */
final class EchoLane extends Lane {
    private final List<EchoPeer> echoes = new ArrayList<>();
    private final double perSecond;

    /** @param perSecond this loop's share of the rate; 0 for none */
    EchoLane(LoadPlan plan, Carrier carrier, EventLoop loop, double perSecond) {
        super(plan, carrier, loop);
        this.perSecond = perSecond;
    }

    @Override
    Peer peer(DeflateParameters deflate) {
        EchoPeer peer = new EchoPeer(this, deflate);
        echoes.add(peer);
        return peer;
    }

    @Override
    void begin() {
        isSending = true;
        if (plan.isOpenLoop()) {
            pace(echoes, perSecond);
        } else {
            echoes.forEach(EchoPeer::begin);
        }
    }

    @Override
    long outstanding() {
        return echoes.stream().mapToLong(EchoPeer::outstanding).sum();
    }

    @Override
    void giveUp(long now) {
        echoes.forEach(peer -> peer.giveUp(now));
    }
}
