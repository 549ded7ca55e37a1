package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.StreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** HTTP/2 at a server: each stream is a request, and one with {@code :protocol websocket} becomes a WebSocket (RFC 8441). */
final class Http2Connect implements Http2Side {
    /** RFC 9113 §3.4: how a connection of HTTP/2 begins, as far as it reads like a request of HTTP/1.1. */
    private static final byte[] PREFACE_HEAD = "PRI * HTTP/2.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Site site;
    private final Pulse pulse;

    private Http2Connect(Site site, Pulse pulse) {
        this.site = site;
        this.pulse = pulse;
    }

    /** Takes over a channel on which HTTP/2 was agreed on. */
    static Http2Link install(Channel channel, Site site, Pulse pulse, ChannelHandler before) {
        Http2Link link = Http2Builder.ofServer(channel, pulse, site.options(), new Http2Connect(site, pulse));
        link.replace(before);
        if (site.isDraining().get()) {
            link.drain();
        }
        return link;
    }

    /** Takes over a channel on which the peer has begun with HTTP/2; what follows its first line is taken over. */
    static void install(Channel channel, Site site, Pulse pulse, ChannelHandler before, ByteBuf rest) {
        Http2Link link = install(channel, site, pulse, before);
        ByteBuf head = Unpooled.wrappedBuffer(PREFACE_HEAD);
        link.begin(rest == null ? head : Unpooled.wrappedBuffer(head, rest));
    }

    @Override
    public void head(Http2Link link, Http2Stream stream, Http2Headers headers, boolean endsInput) throws Http2Exception {
        OpeningRequest request = request(headers).orElseThrow(() ->
                Http2Exception.streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "a malformed request"));
        StreamChannel channel = link.open(stream);
        Http2Request asked = new Http2Request(channel, link, site, pulse);
        channel.pipeline().addLast("request", asked);
        if (Admission.refusal(link.channel()).isPresent()) {
            channel.closeFuture().addListener(closed -> link.drain()); // told what there is to tell
        }
        asked.begin(request);
        if (endsInput) {
            channel.endInput();
        }
    }

    @Override
    public void settings(Http2Settings settings) {
        // What a client allows concerns the codec alone: nothing is pushed.
    }

    @Override
    public boolean isNeeded() {
        return site.tunnelCount().get() > 0;
    }

    @Override
    public MemoryBudget budget() {
        return site.budget();
    }

    @Override
    public void ended() {
        // Each stream is told for itself.
    }

    /** The request that a stream's first fields make; empty if it is malformed. */
    static Optional<OpeningRequest> request(Http2Headers headers) {
        List<String> fields = new ArrayList<>(2 * headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().length() > 0 && field.getKey().charAt(0) != ':') {
                fields.add(field.getKey().toString());
                fields.add(field.getValue().toString());
            }
        }
        try {
            return new StreamRequest(text(headers.method()), text(headers.scheme()), text(headers.authority()), text(headers.path()),
                    text(headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value())), Headers.of(fields.toArray(String[]::new))).request();
        } catch (IllegalArgumentException malformedField) {
            return Optional.empty();
        }
    }

    private static String text(CharSequence value) {
        return value == null ? null : value.toString();
    }
}
