package dev.duplex.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Netty's own WebSocket codec over epoll: each frame goes back as it came, with one flush for each read. Like Duplex and
 * Vert.x, it looks for no leaks, which would cost it some 2 %.
 */
final class NettyServer {
    private static final Map<String, ChannelGroup> ROOMS = new ConcurrentHashMap<>();

    private NettyServer() {}

    public static void main(String... args) throws Exception {
        Given given = Given.of(args);
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        SslContext tls = given.hasTls() ? SslContextBuilder.forServer(given.certificate().toFile(), given.key().toFile()).build() : null;
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        prepare(channel, tls);
                    }
                })
                .bind("127.0.0.1", given.port()).sync();
    }

    private static void prepare(SocketChannel channel, SslContext tls) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/").checkStartsWith(true).allowExtensions(true).maxFramePayloadLength(Given.MAX_MESSAGE_BYTES).build();
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536),
                new WebSocketServerExtensionHandler(withoutContext()), new WebSocketServerProtocolHandler(config), new Frames());
    }

    /** As WebSocketServerCompressionHandler makes it, but agreeing to what the race offers, which keeps no context. */
    private static PerMessageDeflateServerExtensionHandshaker withoutContext() {
        return new PerMessageDeflateServerExtensionHandshaker(6, ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, true, Given.MAX_MESSAGE_BYTES);
    }

    private static final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
        private ChannelGroup room;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete opened && opened.requestUri().startsWith("/room/")) {
                room = ROOMS.computeIfAbsent(opened.requestUri(), name -> new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
                room.add(ctx.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (room != null) {
                Channel self = ctx.channel();
                room.writeAndFlush(frame.retain(), ChannelMatchers.isNot(self));
            } else {
                ctx.write(frame.retain(), ctx.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
