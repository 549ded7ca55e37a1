package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The client's opening handshake on one channel, until it is a WebSocket or nothing. */
final class ClientOpening extends ChannelInboundHandlerAdapter implements Asking {
    static final int BODY_TOLD_BYTES = 512;

    /** A server has one thing to say before its answer, or two; without end they would be a flood. */
    static final int MAX_INTERIM_ANSWERS = 4;

    /** Where an answer leads. */
    interface Outcome {
        /** The server's answer has come; what follows its head is the receiver's to release. */
        void answered(Asking opening, OpeningResponse response, ByteBuf rest);

        /** The channel is ready, and what is to be spoken on it is HTTP/2. */
        void speaksHttp2(ClientOpening opening);

        /** The request has left on a stream of HTTP/2. */
        void asksOn(Channel stream);

        /** A connection of HTTP/2 has as many streams as its server allows, and none when it has ended: another may have. */
        void findsNoRoom(String why);

        /** No answer will come. */
        void failed(ConnectFailedException cause);
    }

    private final Channel channel;
    private final ClientHandshake handshake;
    private final boolean isInsecure;
    private final boolean wantsHttp2;
    private final Outcome outcome;
    private HeadReader reader = HeadReader.ofResponse();
    private int interimAnswers;
    private boolean isDone;

    /**
     * @param isInsecure whether any certificate will do
     * @param wantsHttp2 whether to speak HTTP/2, over TLS if the server agrees
     */
    ClientOpening(Channel channel, ClientHandshake handshake, boolean isInsecure, boolean wantsHttp2, Outcome outcome) {
        this.channel = channel;
        this.handshake = handshake;
        this.isInsecure = isInsecure;
        this.wantsHttp2 = wantsHttp2;
        this.outcome = outcome;
    }

    @Override
    public ClientHandshake handshake() {
        return handshake;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Carrier carrier() {
        return Carrier.HTTP_1_1;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!speaksTls()) {
            sendRequest();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                sendRequestIfValidToday();
            } else {
                fail("TLS with " + where() + " failed: " + Failures.told(tls.cause()), tls.cause());
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            channelInactive(ctx);
        }
    }

    /** A certificate that is trusted by itself, without another that vouches for it, has had its dates looked at by nobody yet. */
    private void sendRequestIfValidToday() {
        try {
            if (!isInsecure) {
                ClientTls.requireValidToday(channel.pipeline().get(SslHandler.class).engine().getSession());
            }
            sendRequest();
        } catch (CertificateException | SSLPeerUnverifiedException e) {
            fail("the certificate of " + where() + " is not valid today: " + e.getMessage(), e);
        }
    }

    /** A relay may do it for this client. */
    private boolean speaksTls() {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    private void sendRequest() {
        if (wantsHttp2 && (!speaksTls() || Tls.hasChosenHttp2(channel))) {
            isDone = true;
            outcome.speaksHttp2(this);
            return;
        }
        ByteBuf head = channel.alloc().buffer().writeBytes(Http.head(handshake.request()));
        channel.writeAndFlush(head, channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (isDone) {
            read.release();
            return;
        }
        switch (reader.read(read)) {
            case INCOMPLETE -> read.release();
            case REFUSED -> {
                read.release();
                fail("the answer of " + where() + " is not HTTP: " + reader.fault(), null);
            }
            case COMPLETE -> complete(ctx, read);
        }
    }

    private void complete(ChannelHandlerContext ctx, ByteBuf rest) {
        OpeningResponse response = reader.response();
        if (response.status() >= 200 || response.status() == 101) {
            isDone = true;
            outcome.answered(this, withBody(response, rest), rest);
        } else if (++interimAnswers > MAX_INTERIM_ANSWERS) {
            rest.release();
            fail(where() + " does not come to its answer", null);
        } else {
            // RFC 9110 §15.2: an interim answer; the one that counts follows.
            reader = HeadReader.ofResponse();
            channelRead(ctx, rest);
        }
    }

    /** The beginning of a refusal's body, as far as it came with the head: what a person should read. */
    private static OpeningResponse withBody(OpeningResponse response, ByteBuf rest) {
        Headers headers = response.headers();
        if (response.isAccepted() || !headers.first("Content-Type").orElse("").startsWith("text/plain")) {
            return response;
        }
        int bytes = Math.min(rest.readableBytes(), BODY_TOLD_BYTES);
        return new OpeningResponse(response.status(), headers, rest.toString(rest.readerIndex(), bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(where() + " closed the connection before it answered", null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail("the connection to " + where() + " was lost: " + Failures.told(cause), cause);
    }

    private void fail(String message, Throwable cause) {
        if (!isDone) {
            isDone = true;
            channel.close();
            outcome.failed(new ConnectFailedException(message, cause));
        }
    }

    private String where() {
        return handshake.host() + ":" + handshake.port();
    }
}
