package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.ServerHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Any head of a stream of HTTP/2: malformed, refused, or a request that means the same when it is asked again. */
class Http2HeadFuzzTest {
    private static final String[] NAMES = {":method", ":scheme", ":authority", ":path", ":protocol", "host", "cookie", "origin",
        "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "content-length", "expect", "connection",
        "upgrade", "te", "transfer-encoding", "x-other"};
    private static final String[] VALUES = {"GET", "CONNECT", "POST", "HEAD", "https", "http", "a.example", "a.example:8443", "/", "/chat?x=1",
        "websocket", "connect-udp", "a=1", "https://a.example", "13", "chat, superchat", "permessage-deflate", "0", "7", "100-continue", "trailers", "chunked", ""};
    private static final Caller CALLER = new Caller(null, true, null);
    private static final RequestRules RULES = new RequestRules(Set.of());

    /** The fields are made up, and packed by HPACK. */
    @FuzzTest(maxDuration = "60s")
    void aHeadOfAStreamIsARequestThatMeansTheSameWhenAskedAgain(FuzzedDataProvider data) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        if (data.consumeBoolean()) { // else it takes long until one is whole
            fields.method("CONNECT").scheme("https").authority("a.example").path("/chat").add(":protocol", "websocket").add("sec-websocket-version", "13");
        }
        for (int i = 0; i < 12 && data.remainingBytes() > 0; i++) {
            String name = data.consumeBoolean() ? data.pickValue(NAMES) : data.consumeAsciiString(20);
            String value = data.consumeBoolean() ? data.pickValue(VALUES) : data.consumeString(60);
            if (data.consumeBoolean()) {
                fields.set(name, value);
            } else {
                fields.add(name, value);
            }
        }
        ByteBuf packed = packed(fields);
        if (packed != null) {
            judge(packed);
        }
    }

    /** All is made up. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesOfHpackAreAHeadOrAnError(byte[] bytes) {
        judge(Unpooled.wrappedBuffer(bytes));
    }

    private static void judge(ByteBuf packed) {
        Optional<OpeningRequest> read = read(packed);
        if (read.isEmpty()) {
            return;
        }
        OpeningRequest request = read.get();
        assertThat(request.isHttp2()).isTrue();
        assertPlain(request.headers());
        Optional<Reply> refusal = RULES.refusal(request, CALLER, Set.of("GET", "HEAD", "POST"));
        refusal.ifPresent(reply -> assertThat(reply.status()).isIn(400, 405, 411, 417, 421));
        if (refusal.isEmpty()) {
            assertThat(request.headers().all("Host")).hasSize(1);
            assertThat(request.headers().contains("Transfer-Encoding")).isFalse();
        }
        ServerHandshake handshake = ServerHandshake.of(request);
        OriginPolicy.sameOrigin().permits(request.headers(), true);
        RequestTarget.parse(request.target());
        if (handshake.refusal().isEmpty()) {
            assertThat(request.method()).isEqualTo("CONNECT");
            assertThat(request.protocol()).isEqualTo("websocket");
            assertThat(handshake.accept(List.of("chat"), Optional.empty(), Headers.empty()).response().status()).isEqualTo(200);
        } else {
            assertThat(handshake.refusal().get().status()).isBetween(400, 505);
        }
        if (request.headers().all("Host").contains("")) {
            return; // Netty takes an empty Host, but no empty :authority
        }
        assertThat(read(again(request)).map(Http2HeadFuzzTest::shown)).contains(shown(request));
    }

    /** As Netty reads it, which refuses what RFC 9113 §8.2 and §8.3 do; empty if it, or we, find it malformed. */
    private static Optional<OpeningRequest> read(ByteBuf packed) {
        try {
            return Http2Connect.request(new DefaultHttp2HeadersDecoder(true, HeadReader.MAX_HEADER_BYTES).decodeHeaders(1, packed));
        } catch (Http2Exception malformed) {
            return Optional.empty();
        }
    }

    private static ByteBuf packed(Http2Headers fields) {
        ByteBuf packed = Unpooled.buffer();
        try {
            new DefaultHttp2HeadersEncoder().encodeHeaders(1, fields, packed);
            return packed;
        } catch (Http2Exception tooLarge) {
            return null;
        }
    }

    private static ByteBuf again(OpeningRequest request) {
        boolean isTunnel = request.method().equals("CONNECT") && request.protocol().isEmpty();
        Http2Headers head = new DefaultHttp2Headers(false).method(request.method());
        if (!isTunnel) {
            head.scheme("https").path(request.target());
        }
        if (!request.protocol().isEmpty()) {
            head.add(":protocol", request.protocol());
        }
        request.headers().first("Host").ifPresent(head::authority);
        Http2Heads.add(head, request.headers());
        return packed(head);
    }

    /** Names mean the same in any case, and Host wherever it stands. */
    private static String shown(OpeningRequest request) {
        Headers[] lower = {Headers.empty()};
        request.headers().all("Host").forEach(host -> lower[0] = lower[0].with("host", host));
        request.headers().forEach((name, value) -> lower[0] = name.equalsIgnoreCase("Host") ? lower[0] : lower[0].with(name.toLowerCase(Locale.ROOT), value));
        return new OpeningRequest(request.method(), request.target(), request.version(), lower[0], request.protocol()).toString();
    }

    private static void assertPlain(Headers headers) {
        headers.forEach((name, value) -> {
            assertThat(name.equals("Host") || name.equals("Cookie") || name.equals(name.toLowerCase(Locale.ROOT))).as(name).isTrue();
            assertThat(name).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            assertThat(value).doesNotContain("\r", "\n", "\0");
        });
    }
}
