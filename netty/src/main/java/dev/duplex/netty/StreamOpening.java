package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** The client's opening handshake on one stream of HTTP/2, until it is a WebSocket or nothing. */
final class StreamOpening extends ChannelInboundHandlerAdapter implements Asking {
    private final StreamChannel channel;
    private final ClientHandshake handshake;
    private final ClientOpening.Outcome outcome;
    private final StringBuilder told = new StringBuilder();
    private OpeningResponse refusal;
    private int interimAnswers;
    private boolean isDone;

    StreamOpening(StreamChannel channel, ClientHandshake handshake, ClientOpening.Outcome outcome) {
        this.channel = channel;
        this.handshake = handshake;
        this.outcome = outcome;
    }

    @Override
    public ClientHandshake handshake() {
        return handshake;
    }

    @Override
    public StreamChannel channel() {
        return channel;
    }

    @Override
    public Carrier carrier() {
        return Carrier.HTTP_2;
    }

    /** The fields of an answer have come. @param isAll whether no body follows */
    void answered(OpeningResponse response, boolean isAll) {
        if (response.status() < 200) {
            if (++interimAnswers > ClientOpening.MAX_INTERIM_ANSWERS) {
                fail(where() + " does not come to its answer");
            }
            return;
        }
        channel.awaitHead(false);
        boolean isOpen = response.status() < 300;
        if (isOpen || isAll || !response.headers().first("Content-Type").orElse("").startsWith("text/plain")) {
            tell(response);
        } else {
            refusal = response;
        }
    }

    private void tell(OpeningResponse response) {
        if (!isDone) {
            isDone = true;
            outcome.answered(this, response, Unpooled.EMPTY_BUFFER);
        }
    }

    /** The beginning of a refusal's body is what a person should read. */
    private void tellRefusal() {
        tell(new OpeningResponse(refusal.status(), refusal.headers(), told.toString()));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf body = (ByteBuf) message;
        if (told.length() < ClientOpening.BODY_TOLD_BYTES) {
            told.append(body.toString(body.readerIndex(), Math.min(body.readableBytes(), ClientOpening.BODY_TOLD_BYTES), StandardCharsets.UTF_8));
        }
        body.release();
        if (refusal != null && told.length() >= ClientOpening.BODY_TOLD_BYTES) {
            tellRefusal();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (refusal != null) {
            tellRefusal();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (refusal != null) {
            tellRefusal();
        } else {
            fail(where() + " ended the stream before it answered");
        }
    }

    private void fail(String why) {
        if (!isDone) {
            isDone = true;
            channel.close();
            outcome.failed(new ConnectFailedException(why, null));
        }
    }

    private String where() {
        return handshake.host() + ":" + handshake.port();
    }
}
