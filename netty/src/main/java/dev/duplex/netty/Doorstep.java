package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.ServerHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;

/**
 * Where a new TCP connection waits for its first bytes: who opens a WebSocket by them goes on without a channel.
 *
 * <pre>
 *   accepted ─► {@link SocketWire} ─► here ─┬─ a whole opening request, accepted ─► {@link NettyCarrier} on the same wire
 *                                          └─ whatever else ─► the channel, and {@link Http1Upgrade} reads it from the beginning
 * </pre>
 *
 * <p>The channel exists from the beginning, for it tells who the peer is, but no loop knows it until it is needed.
 */
final class Doorstep implements Receiver, Pulse.Member {
    /** The other way in. */
    interface Channels {
        /**
         * Lets a connection go on as a channel, on this loop.
         *
         * @param sinceNanos when it came: its deadline goes on
         * @param read what was read of it, taken over
         * @param answer what it is told; null if that is still to be found out
         */
        void goOn(EpollSocketChannel channel, Pulse pulse, long sinceNanos, ByteBuf read, Reply answer);
    }

    private final EpollSocketChannel channel;
    private final Site site;
    private final Pulse pulse;
    private final Channels channels;
    private final SocketWire wire;
    private final long sinceNanos;
    private int place = Pulse.NOWHERE;

    Doorstep(EpollSocketChannel channel, Site site, Pulse pulse, Channels channels) {
        this.channel = channel;
        this.site = site;
        this.pulse = pulse;
        this.channels = channels;
        wire = new SocketWire(pulse, (Socket) channel.fd(), channel.remoteAddress(), site.admission().place(channel));
        sinceNanos = pulse.nanoTime();
    }

    /** Begins, on the loop. */
    void open() {
        place = pulse.add(this);
        wire.open(this);
        if (site.isDraining().get()) {
            drain(); // came while the others were told
        }
    }

    @Override
    public void received(ByteBuf bytes) {
        place = pulse.remove(place);
        int start = bytes.readerIndex();
        HeadReader reader = HeadReader.ofRequest();
        OpeningRequest request = reader.read(bytes) == HeadReader.Result.COMPLETE ? reader.request() : null;
        if (request != null && mayOpen(request)) {
            judge(request, bytes);
        } else {
            goOn(bytes.readerIndex(start), null);
        }
    }

    /** Whatever is answered in another way than by opening, or refusing, is left to the other way in. */
    private boolean mayOpen(OpeningRequest request) {
        return request.method().equals("GET") && ServerHandshake.isUpgrade(request) && !site.isDraining().get();
    }

    private void judge(OpeningRequest request, ByteBuf bytes) {
        Caller caller = Caller.of(request, channel, site);
        Reply refusal = Caller.refusal(caller, channel, site).orElse(null);
        if (refusal != null) {
            goOn(bytes, refusal);
            return;
        }
        switch (new Entrance(channel, site, pulse, new Routes(channel, site, pulse), Carrier.HTTP_1_1).judge(request, caller)) {
            case Entrance.Refused refused -> goOn(bytes, refused.reply());
            case Entrance.Open open -> {
                NettyCarrier carrier = new NettyCarrier(wire, site.options(), pulse, open.origin(), open.audience());
                wire.tells(carrier);
                carrier.open(Http.head(101, open.answer().headers()), bytes);
            }
        }
    }

    private void goOn(ByteBuf bytes, Reply answer) {
        wire.leave();
        ByteBuf own = channel.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes); // the loop's buffer is read into again
        bytes.release();
        channels.goOn(channel, pulse, sinceNanos, own, answer);
    }

    @Override
    public void receivedAll() {
        // what was to be done is done
    }

    @Override
    public void inputEnded(String signal) {
        wire.close();
    }

    @Override
    public void failed(Throwable cause) {
        wire.close();
    }

    @Override
    public void ended() {
        place = pulse.remove(place);
    }

    /** A silent one is told nothing. */
    @Override
    public void beat(long now) {
        if (now - sinceNanos >= site.options().handshakeDeadline().toNanos()) {
            wire.close();
        }
    }

    @Override
    public void drain() {
        if (site.tunnelCount().get() == 0) {
            place = pulse.remove(place);
            goOn(Unpooled.EMPTY_BUFFER, null); // there it ends in order, though a request may be on its way
        }
    }

    @Override
    public void abort() {
        wire.close();
    }
}
