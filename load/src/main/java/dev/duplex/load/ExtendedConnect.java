package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The handshake of HTTP/2, on a stream (RFC 8441 §5). */
final class ExtendedConnect extends Attempt {

    ExtendedConnect(ClientHandshake handshake, boolean mustDeflate, Outcome outcome) {
        super(handshake.overHttp2(), mustDeflate, outcome);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        super.channelActive(ctx);
        OpeningRequest request = handshake.request();
        Http2Headers head = new DefaultHttp2Headers(false)
                .method(request.method())
                .add(Http2Headers.PseudoHeaderName.PROTOCOL.value(), request.protocol());
        head.scheme(handshake.isSecure() ? "https" : "http").path(request.target());
        request.headers().forEach((name, value) -> {
            if (name.equals("Host")) {
                head.authority(value);
            } else {
                head.add(name.toLowerCase(Locale.ROOT), value);
            }
        });
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Http2HeadersFrame answer)) {
            ReferenceCountUtil.release(message); // the body of a refusal
            return;
        }
        CharSequence status = answer.headers().status();
        if (status == null || !status.toString().matches("[1-5][0-9]{2}")) {
            fail(ctx, "the answer has no status");
        } else if (status.charAt(0) != '1') {
            judge(ctx, response(Integer.parseInt(status.toString()), answer.headers()), Unpooled.EMPTY_BUFFER);
        }
    }

    /** The stream ends with the answer; a reset instead would count against the whole connection, at a server that counts them. */
    @Override
    void refused(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> ctx.close(), DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static OpeningResponse response(int status, Http2Headers head) {
        Headers[] fields = {Headers.empty()};
        head.forEach(field -> {
            if (field.getKey().charAt(0) != ':') {
                fields[0] = fields[0].with(field.getKey().toString(), field.getValue().toString());
            }
        });
        return new OpeningResponse(status, fields[0], "");
    }
}
