package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;

/** The handshake of HTTP/1.1, on a connection of its own (RFC 6455 §4.1). */
final class Upgrade extends Attempt {
    private ByteBuf received = Unpooled.EMPTY_BUFFER;

    Upgrade(ClientHandshake handshake, boolean mustDeflate, Outcome outcome) {
        super(handshake, mustDeflate, outcome);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        super.channelActive(ctx);
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
                judge(ctx, response, received);
            }
        } catch (IllegalArgumentException notHttp) {
            fail(ctx, notHttp.getMessage());
        }
    }

    @Override
    void refused(ChannelHandlerContext ctx) {
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        super.handlerRemoved(ctx);
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }
}
