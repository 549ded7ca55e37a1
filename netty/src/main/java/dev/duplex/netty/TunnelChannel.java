package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A channel without a socket: what is written goes to a {@link Tunnel.Line}, and what the line receives is read.
 *
 * <p>So a {@link NettyCarrier} carries a WebSocket over anything that keeps bytes in order.
 */
final class TunnelChannel extends AbstractChannel implements HoldingChannel {
    /** What each piece that waits takes besides its bytes: many small ones must not pass for few bytes. */
    private static final int PIECE_BYTES = 128;

    /** What is handed over before others on the loop have their turn, as a socket's reads are: a request may bring half a million frames. */
    private static final int TURN_BYTES = 16 * 1024;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SocketAddress peer;
    private final Pulse pulse;
    private final Tunnel.Line line;
    private final Tunnel tunnel = new Tunnel(this);
    private final Beats beats = new Beats();
    private final Queue<ByteBuf> received = new ArrayDeque<>();
    private NettyCarrier carrier;
    private long waitingBytes;
    private boolean wantsRead;
    private boolean isReading;
    private boolean hasInputEnded;
    private boolean hasToldEnd;
    private boolean isClosed;

    TunnelChannel(SocketAddress peer, Pulse pulse, Tunnel.Line line) {
        super(null);
        this.peer = peer;
        this.pulse = pulse;
        this.line = line;
    }

    /** Opens a connection on this loop, which must be the current thread. */
    Tunnel open(EventLoop loop, ConnectionOptions options, Origin origin, Audience audience) {
        ChannelWire wire = new ChannelWire(this);
        carrier = new NettyCarrier(wire, options, pulse, origin, audience);
        loop.register(this);
        beats.place = pulse.add(beats);
        line.opened(tunnel);
        pipeline().addLast("websocket", wire.tells(carrier));
        carrier.open(new byte[0], null);
        return tunnel;
    }

    Connection connection() {
        return carrier.connection();
    }

    Pulse pulse() {
        return pulse;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    @Override
    public long heldBytes() {
        return waitingBytes + line.heldBytes();
    }

    @Override
    public long progress() {
        return 0; // what is given to a line is taken
    }

    void receive(byte[] bytes) {
        if (!isClosed && !hasInputEnded && bytes.length > 0) {
            received.add(Unpooled.wrappedBuffer(bytes));
            waitingBytes += bytes.length + PIECE_BYTES;
        }
        readOn();
    }

    void endInput() {
        hasInputEnded = true;
        readOn();
    }

    void endIdle() {
        carrier.endsLike(How.IDLE, "");
        endInput();
    }

    void endStalled() {
        carrier.endsLike(How.WRITE_STALLED, "");
        endInput();
    }

    void lineIsWritable() {
        if (!isClosed) {
            unsafe().flush();
            pipeline().fireChannelWritabilityChanged();
        }
    }

    void forget() {
        beats.place = pulse.remove(beats.place);
    }

    /** Hands over what waits, while the pipeline wants it, and some of it at a time. */
    private void readOn() {
        if (isReading || !wantsRead) {
            return;
        }
        isReading = true;
        boolean hadBytes = !received.isEmpty();
        int turn = TURN_BYTES;
        while (wantsRead && !received.isEmpty() && turn > 0) {
            ByteBuf bytes = next(turn);
            turn -= bytes.readableBytes();
            wantsRead = config.isAutoRead();
            pipeline().fireChannelRead(bytes);
        }
        if (hadBytes) {
            pipeline().fireChannelReadComplete();
        }
        isReading = false;
        if (received.isEmpty()) {
            emptied(hadBytes);
        } else if (wantsRead) {
            eventLoop().execute(this::readOn);
        }
    }

    private ByteBuf next(int most) {
        ByteBuf first = received.element();
        if (first.readableBytes() > most) {
            waitingBytes -= most;
            return first.readRetainedSlice(most);
        }
        waitingBytes -= first.readableBytes() + PIECE_BYTES;
        return received.remove();
    }

    private void emptied(boolean hadBytes) {
        if (hasInputEnded && !hasToldEnd) {
            hasToldEnd = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else if (hadBytes) {
            line.drained();
        }
    }

    @Override
    protected void doBeginRead() {
        wantsRead = true;
        if (!isReading && (!received.isEmpty() || hasInputEnded && !hasToldEnd)) {
            eventLoop().execute(this::readOn); // not from here, where a reader that goes on at once would make the stack grow
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        for (Object message = out.current(); message != null; message = out.current()) {
            ByteBuf bytes = (ByteBuf) message;
            int take = Math.min(line.room(), bytes.readableBytes());
            if (take == 0 && bytes.isReadable()) {
                break;
            }
            byte[] piece = new byte[take];
            bytes.getBytes(bytes.readerIndex(), piece);
            if (take > 0) {
                line.write(piece);
            }
            if (take < bytes.readableBytes()) {
                bytes.skipBytes(take);
                out.progress(take);
            } else {
                out.remove();
            }
        }
        line.flush();
    }

    @Override
    protected void doClose() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        received.forEach(ByteBuf::release);
        received.clear();
        waitingBytes = 0;
        line.ended();
    }

    /** The line's pulse goes on after the connection's. */
    private final class Beats implements Pulse.Member {
        private int place = Pulse.NOWHERE;

        @Override
        public void beat(long nowNanos) {
            line.beat(nowNanos);
        }

        @Override
        public void drain() {
            // The connection says good-bye; the line carries it.
        }

        @Override
        public void abort() {
            place = pulse.remove(place);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a tunnel is open from the beginning"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return peer;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return peer;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a tunnel has no address of its own");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public boolean isActive() {
        return !isClosed;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
