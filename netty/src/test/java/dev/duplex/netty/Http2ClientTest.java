package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Our client, and a server over HTTP/2 that does what ours would not. */
class Http2ClientTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final WebSocketClient client = WebSocketClient.builder().http2().build();
    private int port;

    private void start(Http2Settings settings) {
        Channel acceptor = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                connections.incrementAndGet();
                channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().initialSettings(settings).build(), new Odd());
            }
        }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
        port = ((InetSocketAddress) acceptor.localAddress()).getPort();
    }

    private static Http2Settings settings() {
        return Http2Settings.defaultSettings().connectProtocolEnabled(true);
    }

    @AfterEach
    void stop() {
        client.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Connection open(String path) {
        return client.open(URI.create("ws://127.0.0.1:" + port + path), new Listener() {}).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Says 200 to all; behind that GOAWAY for one path, and with a field that no field may be like for another. */
    private static final class Odd extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (!(frame instanceof Http2HeadersFrame asked)) {
                ReferenceCountUtil.release(frame);
                return;
            }
            Http2Headers answer = new DefaultHttp2Headers(false).status("200");
            if (asked.headers().path().toString().equals("/malformed")) {
                answer.add("x-odd", "a\u0001b");
            }
            ctx.write(new DefaultHttp2HeadersFrame(answer).stream(asked.stream()));
            if (asked.headers().path().toString().equals("/good-bye")) {
                ctx.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            }
            ctx.flush();
        }
    }

    @Test
    void afterAGoAwayAStreamStaysAndTheNextWebSocketGetsAConnectionOfItsOwn() {
        start(settings());
        Connection first = open("/good-bye");
        Connection second = open("/echo");
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(connections).hasValue(2);
    }

    @Test
    void aServerThatTakesOnlyShortHeadsIsNamed() {
        start(settings().maxHeaderListSize(64));
        assertThatThrownBy(() -> open("/echo")).isInstanceOf(CompletionException.class).cause()
                .isInstanceOf(ConnectFailedException.class).hasMessageContaining("takes no head of that length");
    }

    @Test
    void aMalformedAnswerCostsItsOwnStreamAlone() {
        start(settings());
        Connection neighbour = open("/echo");
        assertThatThrownBy(() -> open("/malformed")).isInstanceOf(CompletionException.class).cause().isInstanceOf(ConnectFailedException.class);
        assertThat(open("/echo").isOpen()).isTrue();
        assertThat(neighbour.isOpen()).isTrue();
        assertThat(connections).hasValue(1);
    }
}
