package dev.duplex.netty;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** HTTP/2 at a client: one connection to an origin, on which every WebSocket is a stream (RFC 8441); used on its loop alone. */
final class Http2Client implements Http2Side {
    /** One that wants a stream before the server has said whether it gives any. */
    private record Waiting(ClientHandshake handshake, ClientOpening.Outcome outcome) {}

    private final Channel channel;
    private final Runnable whenEnded;
    private final List<Waiting> waiting = new ArrayList<>();
    private Http2Link link;
    private Boolean permits;
    private volatile boolean hasEnded;

    private Http2Client(Channel channel, Runnable whenEnded) {
        this.channel = channel;
        this.whenEnded = whenEnded;
    }

    /**
     * Takes over a channel on which HTTP/2 was agreed on.
     *
     * @param whenEnded runs when no stream can be had any more
     */
    static Http2Client install(Channel channel, Pulse pulse, ConnectionOptions options, ChannelHandler before, Runnable whenEnded) {
        Http2Client client = new Http2Client(channel, whenEnded);
        client.link = Http2Builder.ofClient(channel, pulse, options, client);
        client.link.replace(before);
        return client;
    }

    /** Opens one more WebSocket, from any thread. @return false if there is no room, or no connection any more */
    boolean open(ClientHandshake handshake, ClientOpening.Outcome outcome) {
        if (hasEnded) {
            return false;
        }
        if (channel.eventLoop().inEventLoop()) {
            ask(new Waiting(handshake, outcome));
        } else {
            channel.eventLoop().execute(() -> ask(new Waiting(handshake, outcome)));
        }
        return true;
    }

    /** Ends as soon as the last stream has. */
    void endWhenUnused() {
        channel.eventLoop().execute(link::drain);
    }

    private void ask(Waiting asked) {
        String where = asked.handshake().host() + ":" + asked.handshake().port();
        if (permits == null && !hasEnded) {
            waiting.add(asked);
        } else if (permits == null) {
            asked.outcome().failed(new ConnectFailedException(where + " ended the connection without a word of HTTP/2", null));
        } else if (hasEnded) {
            asked.outcome().findsNoRoom("closed the connection before it answered");
        } else if (!permits) {
            asked.outcome().failed(new ConnectFailedException(
                    where + " opens no WebSockets over HTTP/2: its settings lack ENABLE_CONNECT_PROTOCOL (RFC 8441 §3)", null));
            link.end(Http2Error.NO_ERROR);
        } else if (!link.hasRoom()) {
            asked.outcome().findsNoRoom("allows no streams");
        } else {
            request(asked);
        }
    }

    private void request(Waiting asked) {
        ClientHandshake handshake = asked.handshake().overHttp2();
        OpeningRequest request = handshake.request();
        Http2Headers pseudo = new DefaultHttp2Headers(false)
                .method(request.method())
                .add(Http2Headers.PseudoHeaderName.PROTOCOL.value(), request.protocol());
        pseudo.scheme(handshake.isSecure() ? "https" : "http")
                .authority(request.headers().first("Host").orElseThrow())
                .path(request.target());
        StreamChannel stream = link.request(pseudo, request.headers());
        if (stream == null) {
            asked.outcome().failed(new ConnectFailedException(handshake.host() + ":" + handshake.port() + " takes no head of that length", null));
            return;
        }
        stream.awaitHead(true);
        stream.pipeline().addLast("opening", new StreamOpening(stream, handshake, asked.outcome()));
        asked.outcome().asksOn(stream);
    }

    @Override
    public void head(Http2Link from, Http2Stream stream, Http2Headers headers, boolean endsInput) throws Http2Exception {
        StreamChannel its = from.channelOf(stream.id());
        if (its != null && its.pipeline().get("opening") instanceof StreamOpening opening) {
            opening.answered(response(stream, headers), endsInput);
            if (endsInput) {
                its.endInput();
            }
        }
    }

    /** RFC 9113 §8.1.1: what is malformed costs its stream alone. */
    private static OpeningResponse response(Http2Stream stream, Http2Headers headers) throws Http2Exception {
        try {
            return response(headers);
        } catch (IllegalArgumentException malformed) {
            throw Http2Exception.streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "a malformed answer: %s", malformed.getMessage());
        }
    }

    private static OpeningResponse response(Http2Headers headers) {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().charAt(0) != ':') {
                fields.add(field.getKey().toString());
                fields.add(field.getValue().toString());
            }
        }
        int status = headers.status() == null || !headers.status().toString().matches("[1-5][0-9]{2}") ? 502
                : Integer.parseInt(headers.status().toString());
        return new OpeningResponse(status, Headers.of(fields.toArray(String[]::new)), "");
    }

    @Override
    public void settings(Http2Settings settings) {
        if (permits == null) {
            permits = Boolean.TRUE.equals(settings.connectProtocolEnabled());
        }
        answerWaiting();
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public void ended() {
        if (!hasEnded) {
            hasEnded = true;
            whenEnded.run();
            answerWaiting();
        }
    }

    private void answerWaiting() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(this::ask);
    }
}
