package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One stream of HTTP/2 as a channel of bytes, so that a {@link NettyCarrier} carries a WebSocket over it as over TCP.
 *
 * <pre>
 *   bytes read, written      DATA
 *   FIN                      END_STREAM                       (RFC 8441 §5)
 *   RST                      RST_STREAM with CANCEL
 *   a window that is full    no WINDOW_UPDATE for this stream while nothing is read; its neighbours go on
 * </pre>
 *
 * <p>What is written counts as sent when it has left for the operating system: one piece at a time is on its way there.
 */
final class StreamChannel extends AbstractChannel implements DuplexChannel, HoldingChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int PIECE_BYTES = 64 * 1024;

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Http2Link link;
    private final Http2Stream stream;
    private Queue<ByteBuf> received;
    private long receivedBytes;
    private boolean awaitsHead;
    private boolean isReading;
    private boolean isHandingOver;
    private boolean hasInputEnded;
    private boolean hasToldEnd;
    private boolean isOutputShutdown;
    private boolean hasOutputEnded;
    private boolean isReset;
    private boolean isClosed;

    StreamChannel(Http2Link link, Http2Stream stream) {
        super(link.channel());
        this.link = link;
        this.stream = stream;
    }

    Http2Stream stream() {
        return stream;
    }

    /** At a client: whether the answer's head has still to come. */
    boolean awaitsHead() {
        return awaitsHead;
    }

    void awaitHead(boolean awaits) {
        awaitsHead = awaits;
    }

    /** What has come and was not yet read; at most the stream's window. */
    @Override
    public long heldBytes() {
        return receivedBytes;
    }

    /** The room that the peer grants: it changes when a part of a piece has left, too. */
    @Override
    public long progress() {
        return isClosed ? 0 : link.windowBytes(stream);
    }

    // From the link

    /** Bytes of the peer, taken over. */
    void receive(ByteBuf bytes) {
        if (isClosed) {
            bytes.release();
            return;
        }
        received = received != null ? received : new ArrayDeque<>(2);
        received.add(bytes);
        receivedBytes += bytes.readableBytes();
        readOn();
    }

    /** The peer sends nothing more. */
    void endInput() {
        hasInputEnded = true;
        readOn();
    }

    /** The stream is over like this, by itself or with all of its connection. */
    void lose(How how, String signal) {
        endsLike(how, signal);
        isReset = true;
        unsafe().close(unsafe().voidPromise());
    }

    /** The end of a WebSocket here, if there is one, begins like this. */
    void endsLike(How how, String signal) {
        if (pipeline().last() instanceof ChannelWire wire && wire.receiver() instanceof NettyCarrier carrier) {
            carrier.endsLike(how, signal);
        }
    }

    /** The codec has closed the stream. */
    void streamClosed(String signal) {
        if (!hasInputEnded || !isOutputShutdown) {
            lose(How.RST, signal);
        }
    }

    // Reading

    private void readOn() {
        if (isReading) {
            return;
        }
        isReading = true;
        while (config.isAutoRead() && received != null && !received.isEmpty()) {
            ByteBuf bytes = received.remove();
            int length = bytes.readableBytes();
            receivedBytes -= length;
            link.isReadBy(this);
            pipeline().fireChannelRead(bytes);
            link.consumed(stream, length);
        }
        isReading = false;
        if (hasInputEnded && !hasToldEnd && receivedBytes == 0) {
            hasToldEnd = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    protected void doBeginRead() {
        if (receivedBytes > 0) {
            eventLoop().execute(this::readOn); // not from here, where a reader that goes on at once would make the stack grow
        }
    }

    // Writing

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        while (!isHandingOver && !isClosed) {
            ByteBuf bytes = (ByteBuf) out.current();
            if (bytes == null) {
                return;
            }
            int take = Math.min(bytes.readableBytes(), PIECE_BYTES);
            if (take == 0) {
                out.remove();
                continue;
            }
            isHandingOver = true;
            link.data(stream, bytes.retainedSlice(bytes.readerIndex(), take), false).addListener(done -> handedOver(take, done.cause()));
        }
    }

    private void handedOver(int bytes, Throwable failure) {
        isHandingOver = false;
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        if (isClosed || out == null) {
            return;
        }
        if (failure != null) {
            unsafe().close(unsafe().voidPromise());
            return;
        }
        ByteBuf current = (ByteBuf) out.current();
        if (bytes == current.readableBytes()) {
            out.remove();
        } else {
            current.skipBytes(bytes);
            out.progress(bytes);
        }
        unsafe().flush();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (isOutputShutdown || isClosed) {
            return promise.setSuccess();
        }
        isOutputShutdown = true;
        link.data(stream, Unpooled.EMPTY_BUFFER, true).addListener(done -> {
            hasOutputEnded = done.isSuccess();
            promise.trySuccess();
        });
        return promise;
    }

    @Override
    protected void doClose() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        while (received != null && !received.isEmpty()) {
            received.remove().release();
        }
        receivedBytes = 0;
        if (isReset || hasOutputEnded && hasInputEnded) {
            return;
        }
        if (hasInputEnded && !isHandingOver && !isOutputShutdown && pipeline().last() instanceof ChannelWire) {
            isOutputShutdown = true;
            link.data(stream, Unpooled.EMPTY_BUFFER, true); // as a socket that is closed when all was read and written; an HTTP answer says its end itself
        } else if (!hasInputEnded || !isOutputShutdown || isHandingOver) {
            // RFC 9113 §8.1: whoever has all of an answer may stop asking without an error.
            link.reset(stream, hasOutputEnded ? Http2Error.NO_ERROR : Http2Error.CANCEL);
        }
    }

    // The rest of a channel

    @Override
    public boolean isInputShutdown() {
        return hasToldEnd;
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return hasToldEnd && isOutputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("a stream ends its output alone"));
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return shutdownOutput(promise);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a stream is open from the beginning"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return link.channel().localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return link.channel().remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a stream has no address of its own");
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
