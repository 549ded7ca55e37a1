package dev.duplex.load;

import dev.duplex.proxy.ProxyHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The way through a proxy on one channel; what comes behind begins when it is open. */
final class ThroughProxy extends ChannelInboundHandlerAdapter {
    private final ProxyHandshake handshake;
    private final long patienceMillis;
    private final Consumer<ProxyHandshake> again;
    private final Consumer<String> failed;
    private ScheduledFuture<?> deadline;
    private boolean isDone;

    /**
     * @param again takes what is to be said on a new connection
     * @param failed is told why there is no way
     */
    ThroughProxy(ProxyHandshake handshake, long patienceMillis, Consumer<ProxyHandshake> again, Consumer<String> failed) {
        this.handshake = handshake;
        this.patienceMillis = patienceMillis;
        this.again = again;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> fail(ctx, handshake.late(patienceMillis)), patienceMillis, TimeUnit.MILLISECONDS);
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
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            }
            case ProxyHandshake.Step.Again(ProxyHandshake next) -> {
                isDone = true;
                ctx.close();
                again.accept(next);
            }
            case ProxyHandshake.Step.Failed why -> fail(ctx, why);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, handshake.ended());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, handshake.ended());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void fail(ChannelHandlerContext ctx, ProxyHandshake.Step.Failed why) {
        if (!isDone) {
            isDone = true;
            ctx.close();
            failed.accept(why.why());
        }
    }
}
