package dev.duplex.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Tells that a channel has reached its server: behind the proxy and TLS, if there are any; then it is gone. */
final class Arrived extends ChannelInboundHandlerAdapter {
    private final boolean isSecure;
    private final Runnable arrived;

    Arrived(boolean isSecure, Runnable arrived) {
        this.isSecure = isSecure;
        this.arrived = arrived;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!isSecure) {
            tell(ctx);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
            tell(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    private void tell(ChannelHandlerContext ctx) {
        arrived.run();
        ctx.pipeline().remove(this);
    }
}
