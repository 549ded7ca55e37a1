package dev.duplex.lab;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.FileNotFoundException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Function;

/** One connection through a {@link Meter}; everything happens on the meter's thread. */
final class MeteredLink {
    private final SocketChannel client;
    private final RequestCounter requests;
    private final Consumer<String> failed;
    private DuplexChannel server;
    private long bytesUp;
    private long bytesDown;
    private long packetsUp;
    private long packetsDown;

    /**
     * @param host what is asked for in HTTP/1.1, whatever the client says; null to leave it
     * @param failed is told why the server could not be reached
     */
    MeteredLink(SocketChannel client, String host, Consumer<String> failed) {
        this.client = client;
        this.requests = new RequestCounter(host);
        this.failed = failed;
    }

    void connect(Bootstrap upstream, SocketAddress address, Function<ByteBufAllocator, SslHandler> tls) {
        client.pipeline().addLast(new Relay(true));
        ChannelFuture connected = upstream.clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Count());
                if (tls != null) {
                    channel.pipeline().addLast(tls.apply(channel.alloc()));
                }
                channel.pipeline().addLast(new Relay(false));
            }
        }).connect(address);
        server = (DuplexChannel) connected.channel();
        connected.addListener(done -> {
            if (done.isSuccess()) {
                client.config().setAutoRead(true);
            } else {
                fail(done.cause());
                client.close();
            }
        });
    }

    /** The innermost message says most; Netty puts the system call and its number before it. */
    private void fail(Throwable why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        failed.accept(cause instanceof FileNotFoundException ? "No such file or directory"
                : String.valueOf(cause.getMessage()).lines().findFirst().orElse("").replaceFirst("^.*error\\(-?\\d+\\): ", ""));
    }

    Counts addTo(Counts sum) {
        askKernel();
        boolean tells = sum.packetsUp() >= 0;
        return sum.plus(new Counts(bytesUp, bytesDown, requests.requests(), 1, tells ? packetsUp : -1, tells ? packetsDown : -1));
    }

    /** Once a socket is closed, the kernel has forgotten it. */
    private void askKernel() {
        TcpInfo info = client.isOpen() ? TcpInfo.of(client) : null;
        if (info != null) {
            packetsUp = info.segmentsIn();
            packetsDown = info.segmentsOut();
        }
    }

    void close() {
        client.close();
        server.close();
    }

    /** Hands over what comes to the other side. */
    private final class Relay extends ChannelInboundHandlerAdapter {
        private final boolean isClient;

        Relay(boolean isClient) {
            this.isClient = isClient;
        }

        private DuplexChannel other() {
            return isClient ? server : client;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            other().writeAndFlush(isClient ? counted((ByteBuf) message) : message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        private ByteBuf counted(ByteBuf read) {
            try {
                return Unpooled.wrappedBuffer(requests.receive(ByteBufUtil.getBytes(read)));
            } finally {
                read.release();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
                fail(tls.cause());
            }
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                askKernel();
                other().shutdownOutput();
                closeIfBothEnded();
            }
        }

        private void closeIfBothEnded() {
            if (client.isInputShutdown() && server.isInputShutdown()) {
                askKernel();
                close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            other().close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            askKernel();
            close();
        }
    }

    /** Counts below TLS, as the wire has it. */
    private final class Count extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytesDown += ((ByteBuf) message).readableBytes();
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            bytesUp += ((ByteBuf) message).readableBytes();
            ctx.write(message, promise);
        }
    }
}
