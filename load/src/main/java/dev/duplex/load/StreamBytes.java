package dev.duplex.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/** DATA of a stream of HTTP/2 as a channel's bytes, both ways; where the server ends the stream, this end does too. */
final class StreamBytes extends ChannelDuplexHandler {
    private boolean hasAnswer;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        switch (frame) {
            case Http2DataFrame data -> {
                boolean isLast = data.isEndStream();
                ctx.fireChannelRead(data.content());
                endIf(isLast, ctx);
            }
            case Http2HeadersFrame head -> {
                boolean isTrailer = hasAnswer;
                hasAnswer = hasAnswer || head.headers().status() != null && head.headers().status().charAt(0) != '1';
                if (!isTrailer) {
                    ctx.fireChannelRead(head);
                }
                endIf(head.isEndStream(), ctx);
            }
            default -> ReferenceCountUtil.release(frame);
        }
    }

    private static void endIf(boolean isLast, ChannelHandlerContext ctx) {
        if (isLast && ctx.channel().isActive()) {
            ctx.writeAndFlush(new DefaultHttp2DataFrame(true), ctx.voidPromise());
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }
}
