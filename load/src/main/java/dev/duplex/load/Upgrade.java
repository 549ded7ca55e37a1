package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The opening handshake on one channel; then a {@link Peer} takes its place. */
final class Upgrade extends ChannelInboundHandlerAdapter {
    /** As long as our own server waits for a request. */
    private static final int DEADLINE_SECONDS = 10;

    /** What becomes of an attempt. */
    interface Outcome {
        /** The WebSocket is open: who takes it over. */
        Peer opened(DeflateParameters deflate);

        /** It is not, and the channel will be closed. */
        void failed(String why);
    }

    private final ClientHandshake handshake;
    private final boolean mustDeflate;
    private final Outcome outcome;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private ScheduledFuture<?> deadline;
    private boolean isDone;

    Upgrade(ClientHandshake handshake, boolean mustDeflate, Outcome outcome) {
        this.handshake = handshake;
        this.mustDeflate = mustDeflate;
        this.outcome = outcome;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> fail(ctx, "the server has not answered within " + DEADLINE_SECONDS + " s"),
                DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!handshake.isSecure()) {
            request(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                request(ctx);
            } else {
                fail(ctx, "TLS: " + Carrier.told(tls.cause()));
            }
        }
    }

    private void request(ChannelHandlerContext ctx) {
        OpeningRequest request = handshake.request();
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.target()).append(' ').append(request.version()).append("\r\n");
        request.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        ctx.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received = received.isReadable() ? Unpooled.wrappedBuffer(received, bytes) : bytes;
        try {
            OpeningResponse response = ResponseHead.take(received);
            if (response != null) {
                judge(ctx, handshake.answer(response));
            }
        } catch (IllegalArgumentException notHttp) {
            fail(ctx, notHttp.getMessage());
        }
    }

    private void judge(ChannelHandlerContext ctx, ClientHandshake.Answer answer) {
        switch (answer) {
            case ClientHandshake.Refused refused -> fail(ctx, refused.why());
            case ClientHandshake.Accepted accepted when mustDeflate && accepted.deflate().isEmpty() ->
                fail(ctx, "the server does not agree to compression without context takeover");
            case ClientHandshake.Accepted accepted when !isDone -> {
                isDone = true;
                ByteBuf first = received.isReadable() ? received.retain() : null;
                ctx.pipeline().replace(this, null, outcome.opened(accepted.deflate().orElse(null)));
                if (first != null) {
                    ctx.pipeline().fireChannelRead(first);
                    ctx.pipeline().fireChannelReadComplete();
                }
            }
            default -> ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, "the server ended the connection before its answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, Carrier.told(cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    private void fail(ChannelHandlerContext ctx, String why) {
        if (!isDone) {
            isDone = true;
            outcome.failed(why);
            ctx.close();
        }
    }
}
