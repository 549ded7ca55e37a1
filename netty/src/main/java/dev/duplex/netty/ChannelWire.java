package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.Optional;

/** A channel of Netty's as a wire, with TLS if its pipeline has that; the pipeline's last handler from {@link #tells} on. */
final class ChannelWire extends ChannelInboundHandlerAdapter implements Wire {
    private final Channel channel;
    private Receiver receiver;
    private boolean tellsWrites;
    private boolean hasEndedOutput;

    ChannelWire(Channel channel) {
        this.channel = channel;
    }

    /** Whom it tells; before it is the pipeline's handler. */
    ChannelWire tells(Receiver whom) {
        receiver = whom;
        tellsWrites = (channel instanceof AbstractEpollStreamChannel || channel instanceof AbstractNioByteChannel) && tls() == null;
        return this;
    }

    Receiver receiver() {
        return receiver;
    }

    private SslHandler tls() {
        return channel.pipeline().get(SslHandler.class);
    }

    // From the channel

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        receiver.received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        receiver.receivedAll();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (isEndOfInput(event)) {
            receiver.inputEnded(event instanceof SslCloseCompletionEvent ? "FIN, by TLS's close_notify"
                    : channel instanceof StreamChannel ? "FIN, by END_STREAM" : "FIN");
        }
    }

    /**
     * Whether an event of the channel says that the peer sends nothing more: FIN, or its close_notify.
     *
     * <p>After this end's own close_notify BoringSSL says so of a peer that still sends: only FIN counts then.
     */
    boolean isEndOfInput(Object event) {
        return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent && !hasEndedOutput;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        receiver.failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        receiver.ended();
    }

    // The wire

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public Optional<TransportInfo> transportInfo() {
        return TcpFacts.of(channel);
    }

    @Override
    public boolean isActive() {
        return channel.isActive();
    }

    @Override
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @Override
    public void reads(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    @Override
    public boolean isReading() {
        return channel.config().isAutoRead();
    }

    @Override
    public int writeNow(ByteBuf bytes) {
        return 0; // a channel takes a buffer over and never says how much of it is written
    }

    @Override
    public void queue(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    /** Most writes are over when the call returns: then a look at what the channel has left replaces a promise and its listener. */
    @Override
    public void write(ByteBuf bytes, Written whom) {
        if (!tellsWrites) {
            tell(channel.writeAndFlush(bytes), whom);
            return;
        }
        channel.writeAndFlush(bytes, channel.voidPromise());
        ChannelOutboundBuffer rest = channel.unsafe().outboundBuffer();
        if (rest != null && rest.isEmpty()) {
            whom.ended(true);
        } else {
            tell(channel.writeAndFlush(Unpooled.EMPTY_BUFFER), whom); // behind the bytes
        }
    }

    private static void tell(ChannelFuture written, Written whom) {
        written.addListener(done -> whom.ended(done.isSuccess()));
    }

    @Override
    public boolean isCopying() {
        return tls() != null;
    }

    @Override
    public long waitingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return (buffer == null ? 0 : buffer.currentProgress()) + (channel instanceof HoldingChannel holding ? holding.progress() : 0);
    }

    @Override
    public long heldBytes() {
        return channel instanceof HoldingChannel holding ? holding.heldBytes() : 0;
    }

    @Override
    public void endOutput(Runnable then) {
        hasEndedOutput = true;
        SslHandler tls = tls();
        ChannelFuture flushed = tls != null ? tls.closeOutbound() : channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        flushed.addListener(done -> then.run());
    }

    @Override
    public boolean halfClose() {
        if (!(channel instanceof DuplexChannel duplex)) {
            return false;
        }
        // With its own FIN sent, this end has nothing to do with the peer's but to close.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            return sendFin(socket);
        }
        duplex.shutdownOutput();
        return true;
    }

    /** Straight to the socket: Netty's own way makes an exception with its stack trace, for writes that never come here. */
    static boolean sendFin(Socket socket) {
        try {
            socket.shutdown(false, true);
            return true;
        } catch (IOException | NotYetConnectedException peerIsGone) {
            return false;
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    /** Without the last words of TLS: who takes nothing would not hear them either. */
    @Override
    public void cut() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
