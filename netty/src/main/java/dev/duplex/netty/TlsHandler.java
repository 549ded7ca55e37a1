package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/**
 * TLS on a channel, record by record, until a {@link TlsWire} takes it over.
 *
 * <p>So a peer's Close is handed over, and answered, before the close_notify behind it is read, after which BoringSSL sends
 * nothing more. With an engine that takes all records at once it would read both together.
 */
final class TlsHandler extends SslHandler {
    private boolean isTakenOver;

    TlsHandler(SSLEngine engine) {
        super(engine);
    }

    /**
     * Leaves the channel, which no loop knows any more, and its engine to whoever calls.
     *
     * @return what has come of a record that is not whole; may be empty
     */
    ByteBuf leave(ChannelHandlerContext its) {
        ByteBuf rest = internalBuffer();
        ByteBuf own = its.alloc().directBuffer(rest.readableBytes()).writeBytes(rest);
        isTakenOver = true;
        its.pipeline().remove(this);
        return own;
    }

    /** Without the end of the engine, if that goes on elsewhere. */
    @Override
    public void handlerRemoved0(ChannelHandlerContext its) throws Exception {
        if (!isTakenOver) {
            super.handlerRemoved0(its);
        }
    }
}
