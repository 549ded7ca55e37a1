package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The opening handshake on one channel; then a {@link Peer} takes its place. */
abstract class Attempt extends ChannelInboundHandlerAdapter {
    /** As long as our own server waits for a request. */
    static final int DEADLINE_SECONDS = 10;

    /** What becomes of an attempt. */
    interface Outcome {
        /** The WebSocket is open: who takes it over. */
        Peer opened(DeflateParameters deflate);

        /** It is not, and the channel will be closed. */
        void failed(String why);
    }

    final ClientHandshake handshake;
    private final boolean mustDeflate;
    private final Outcome outcome;
    private ScheduledFuture<?> deadline;
    private boolean isDone;

    Attempt(ClientHandshake handshake, boolean mustDeflate, Outcome outcome) {
        this.handshake = handshake;
        this.mustDeflate = mustDeflate;
        this.outcome = outcome;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> fail(ctx, "the server has not answered within " + DEADLINE_SECONDS + " s"),
                DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the attempt by the server's answer. @param rest what came behind it, for the peer to read; stays the caller's */
    final void judge(ChannelHandlerContext ctx, OpeningResponse response, ByteBuf rest) {
        switch (handshake.answer(response)) {
            case ClientHandshake.Refused refused -> {
                tell(refused.why());
                refused(ctx);
            }
            case ClientHandshake.Accepted accepted when mustDeflate && accepted.deflate().isEmpty() ->
                fail(ctx, "the server does not agree to compression without context takeover");
            case ClientHandshake.Accepted accepted when !isDone -> {
                isDone = true;
                ByteBuf first = rest.isReadable() ? rest.retain() : null;
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
    }

    /** The server has said no. */
    abstract void refused(ChannelHandlerContext ctx);

    final void fail(ChannelHandlerContext ctx, String why) {
        if (!isDone) {
            tell(why);
            ctx.close();
        }
    }

    private void tell(String why) {
        if (!isDone) {
            isDone = true;
            outcome.failed(why);
        }
    }
}
