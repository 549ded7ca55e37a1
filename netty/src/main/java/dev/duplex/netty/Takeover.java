package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;

/** Hands a channel of HTTP/1.1 over to the WebSocket that was opened on it: with TLS on epoll its socket alone. */
record Takeover(Channel channel, ChannelWire wire, Site site, Pulse pulse, Entrance.Open open) {

    /** Whether the loop has to let go of the channel first. */
    boolean leavesChannel() {
        return channel instanceof EpollSocketChannel && channel.pipeline().get(TlsHandler.class) != null;
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
        TlsWire tls = tls((EpollSocketChannel) channel);
        NettyCarrier carrier = carrier(tls);
        tls.open(carrier, () -> carrier.open(head(), early));
        if (site.isDraining().get()) {
            carrier.drain(); // came while the others were told
        }
    }

    /** Its socket, its engine, and what it has not written yet. */
    private TlsWire tls(EpollSocketChannel left) {
        TlsHandler tls = left.pipeline().get(TlsHandler.class);
        SocketWire socket = new SocketWire(pulse, (Socket) left.fd(), left.remoteAddress(), site.admission().place(left));
        TlsWire taken = new TlsWire(pulse, socket, tls.engine(), tls.leave(left.pipeline().context(tls)));
        ChannelOutboundBuffer unwritten = left.unsafe().outboundBuffer();
        unwritten.addFlush();
        for (Object next = unwritten.current(); next != null; next = unwritten.current()) {
            socket.queue(((ByteBuf) next).retain());
            unwritten.remove();
        }
        return taken;
    }

    private NettyCarrier carrier(Wire on) {
        return new NettyCarrier(on, site.options(), pulse, open.origin(), open.audience());
    }

    private byte[] head() {
        return Http.head(101, open.answer().headers());
    }
}
