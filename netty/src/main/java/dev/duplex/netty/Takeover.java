package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;

/** Hands a channel of HTTP/1.1 over to the WebSocket that was opened on it: with TLS on epoll its socket alone. */
record Takeover(Channel channel, ChannelWire wire, Site site, Pulse pulse, Entrance.Open open) {

    /** Whether the loop has to let go of the channel first. */
    boolean leavesChannel() {
        return TlsWire.canBecomeOf(channel);
    }

    /**
     * On the channel.
     *
     * @param http is replaced
     * @param early what came behind the request is frames already; may be null
     */
    void byChannel(Http1Upgrade http, ByteBuf early) {
        NettyCarrier carrier = carrier(wire);
        channel.pipeline().replace(http, "websocket", wire.tells(carrier));
        carrier.open(head(), early);
    }

    /** Without it, once the loop has let go of it; the parameters are the same. */
    void bySocket(Http1Upgrade http, ByteBuf early) {
        if (!channel.isOpen()) {
            NettyCarrier carrier = carrier(wire);
            carrier.open(head(), early);
            carrier.ended();
            return;
        }
        channel.pipeline().remove(http);
        TlsWire socket = TlsWire.of((EpollSocketChannel) channel, pulse, site.admission().place(channel));
        NettyCarrier carrier = carrier(socket);
        socket.open(carrier, () -> carrier.open(head(), early));
        if (site.isDraining().get()) {
            carrier.drain(); // came while the others were told
        }
    }

    private NettyCarrier carrier(Wire on) {
        return new NettyCarrier(on, site.options(), pulse, open.origin(), open.audience());
    }

    private byte[] head() {
        return Http.head(101, open.answer().headers());
    }
}
