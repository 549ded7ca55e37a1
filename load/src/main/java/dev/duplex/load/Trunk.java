package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One connection of HTTP/2, whose streams are WebSockets (RFC 8441); used on its loop alone. */
final class Trunk extends ChannelInboundHandlerAdapter {
    /** What a server may send on one stream, and on all, before it was read: never what a load has to wait for. */
    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 64 << 20;

    private static final String ENDED = "the server ended the connection before its answer";

    private final Trunks trunks;
    private final boolean isSecure;
    private final int most;
    private Channel channel;
    private Http2FrameCodec codec;
    private ScheduledFuture<?> deadline;
    private boolean isReady;
    private boolean isLeaving;
    private int streams;

    /** @param most streams at once, even if the server allows more */
    Trunk(Trunks trunks, boolean isSecure, int most) {
        this.trunks = trunks;
        this.isSecure = isSecure;
        this.most = most;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        deadline = ctx.executor().schedule(() -> fail("the server has not answered within " + Attempt.DEADLINE_SECONDS + " s"),
                Attempt.DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!isSecure) {
            begin(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (!tls.isSuccess()) {
                fail("TLS: " + Carrier.told(tls.cause()));
            } else if (!"h2".equals(channel.pipeline().get(SslHandler.class).applicationProtocol())) {
                fail("the server does not choose HTTP/2");
            } else {
                begin(ctx);
            }
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(STREAM_WINDOW_BYTES))
                .build();
        channel.pipeline().addBefore(ctx.name(), null, codec);
        channel.pipeline().addBefore(ctx.name(), null, new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW_BYTES), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        switch (frame) {
            case Http2SettingsFrame settings when isReady -> trunks.fill();
            case Http2SettingsFrame settings when Boolean.TRUE.equals(settings.settings().connectProtocolEnabled()) -> {
                isReady = true;
                deadline.cancel(false);
                trunks.ready(this);
            }
            case Http2SettingsFrame settings ->
                fail("the server opens no WebSockets over HTTP/2: its settings lack ENABLE_CONNECT_PROTOCOL (RFC 8441 §3)");
            case Http2GoAwayFrame goAway -> {
                fail(ENDED);
                isLeaving = true;
            }
            default -> { }
        }
        ReferenceCountUtil.release(frame);
    }

    boolean hasRoom() {
        return isReady && !isLeaving && channel.isActive() && streams < most && codec.connection().local().canOpenStream();
    }

    /** Whether the server allows not even one. */
    boolean isUseless() {
        return streams == 0 && !hasRoom();
    }

    /** Opens one more WebSocket; there must be room. */
    void open(ClientHandshake handshake, boolean mustDeflate, Attempt.Outcome outcome) {
        streams++;
        new Http2StreamChannelBootstrap(channel)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Carrier.WAITING)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new StreamBytes(), new ExtendedConnect(handshake, mustDeflate, outcome));
                    }
                })
                .open().addListener(done -> {
                    if (done.isSuccess()) {
                        ((Http2StreamChannel) done.getNow()).closeFuture().addListener(closed -> ended());
                    } else {
                        ended();
                        outcome.failed(Carrier.told(done.cause()));
                    }
                });
    }

    private void ended() {
        streams--;
        channel.eventLoop().execute(trunks::fill);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ENDED);
        trunks.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause instanceof Http2Exception ? "the server does not speak HTTP/2" : Carrier.told(cause));
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void fail(String why) {
        if (!isReady && !isLeaving) {
            isLeaving = true;
            trunks.failed(why);
            channel.close();
        }
    }
}
