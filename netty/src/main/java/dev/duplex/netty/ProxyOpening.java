package dev.duplex.netty;

import dev.duplex.proxy.ProxyHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Opens the way through a proxy before everything else on a channel, which then begins as if it stood with the target. */
final class ProxyOpening extends ChannelInboundHandlerAdapter {
    /** What becomes of the way. */
    interface Outcome {
        /** It is open. */
        void throughProxy();

        /** It wants a new connection. */
        void again(ProxyHandshake next);

        /** It is closed. */
        void failed(ConnectFailedException cause);
    }

    private final ProxyHandshake handshake;
    private final Outcome outcome;
    private boolean isDone;

    ProxyOpening(ProxyHandshake handshake, Outcome outcome) {
        this.handshake = handshake;
        this.outcome = outcome;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(handshake.begin()), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        try {
            if (!isDone) {
                received(ctx, handshake.receive(read.nioBuffer()));
            }
        } finally {
            read.release();
        }
    }

    private void received(ChannelHandlerContext ctx, ProxyHandshake.Step step) {
        switch (step) {
            case ProxyHandshake.Step.Send(byte[] bytes) -> ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes), ctx.voidPromise());
            case ProxyHandshake.Step.Open open -> {
                isDone = true;
                outcome.throughProxy();
                // For what comes behind, the connection begins now: TLS, or the request.
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            }
            case ProxyHandshake.Step.Again(ProxyHandshake next) -> {
                isDone = true;
                ctx.close();
                outcome.again(next);
            }
            case ProxyHandshake.Step.Failed failed -> fail(ctx, failed, null);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channelInactive(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, handshake.ended(), null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, handshake.ended(), cause);
    }

    private void fail(ChannelHandlerContext ctx, ProxyHandshake.Step.Failed failed, Throwable cause) {
        if (!isDone) {
            isDone = true;
            ctx.close();
            outcome.failed(failed.status() == 0 ? new ConnectFailedException(failed.why(), cause)
                    : new ConnectFailedException(failed.status(), failed.why()));
        }
    }
}
