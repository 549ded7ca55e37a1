package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.ClientHandshake.Accepted;
import dev.duplex.protocol.ClientHandshake.Refused;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake as a stream of HTTP/2. */
class StreamHandshakeTest {
    /** The sample of RFC 8441 §5.1. */
    private static final Headers FIELDS = Headers.of(
            "sec-websocket-protocol", "chat, superchat",
            "sec-websocket-extensions", "permessage-deflate",
            "sec-websocket-version", "13",
            "origin", "http://www.example.com");

    private static final StreamRequest SAMPLE = connect("https", "server.example.com", "/chat", "websocket", FIELDS);

    private static StreamRequest connect(String scheme, String authority, String path, String protocol, Headers fields) {
        return new StreamRequest("CONNECT", scheme, authority, path, protocol, fields);
    }

    private static ServerHandshake handshake(StreamRequest request) {
        return ServerHandshake.of(request.request().orElseThrow());
    }

    private static OpeningResponse refusal(Headers fields) {
        return handshake(connect("https", "server.example.com", "/chat", "websocket", fields)).refusal().orElseThrow();
    }

    @Test
    @Rfc(number = 8441, section = "5.1", rule = "the sample handshake is answered with the sample's answer")
    void theRfcsSampleIsAnsweredAsInTheRfc() {
        OpeningRequest request = SAMPLE.request().orElseThrow();
        assertThat(request.isHttp2()).isTrue();
        assertThat(request.target()).isEqualTo("/chat");
        assertThat(request.headers().all("Host")).containsExactly("server.example.com");
        assertThat(ServerHandshake.isUpgrade(request)).isTrue();
        ServerHandshake handshake = handshake(SAMPLE);
        assertThat(handshake.refusal()).isEmpty();
        ServerHandshake.Acceptance acceptance = handshake.accept(List.of("chat"), Optional.empty(), Headers.empty());
        assertThat(acceptance.subprotocol()).contains("chat");
        assertThat(acceptance.response()).isEqualTo(new OpeningResponse(200, Headers.of("Sec-WebSocket-Protocol", "chat"), ""));
    }

    @Test
    void compressionIsAgreedOnByTheSameRules() {
        var acceptance = handshake(SAMPLE).accept(List.of(), Optional.of(DeflateOptions.defaults().withContextTakeover()), Headers.empty());
        assertThat(acceptance.response().headers()).isEqualTo(Headers.of("Sec-WebSocket-Extensions", "permessage-deflate"));
        assertThat(acceptance.deflate()).contains(new DeflateParameters(false, false, 15, 15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect-udp", "WebSocket", ""})
    @Rfc(number = 8441, section = "5", rule = "what is no websocket is not served")
    void anotherProtocolIs501(String protocol) {
        assertThat(handshake(connect("https", "a", "/", protocol, FIELDS)).refusal().orElseThrow().status()).isEqualTo(501);
        assertThat(handshake(connect(null, "a:443", null, null, FIELDS)).refusal().orElseThrow().status()).isEqualTo(501);
    }

    @Test
    void aPlainRequestIsNoUpgradeAndIsToldHowToOpen() {
        OpeningRequest request = new StreamRequest("GET", "http", "a", "/", null, FIELDS).request().orElseThrow();
        assertThat(ServerHandshake.isUpgrade(request)).isFalse();
        OpeningResponse refusal = ServerHandshake.of(request).refusal().orElseThrow();
        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers().all("Allow")).containsExactly("CONNECT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection", "Upgrade"})
    @Rfc(number = 8441, section = "5", rule = "Upgrade and Connection are not used")
    void theFieldsOfAnUpgradeAre400(String name) {
        assertThat(refusal(FIELDS.with(name, "websocket")).status()).isEqualTo(400);
    }

    @Test
    @Rfc(number = 8441, section = "5", rule = "key and accept are not used")
    void aKeyIsPassedOver() {
        ServerHandshake handshake = handshake(connect("http", "a", "/", "websocket", FIELDS.with("sec-websocket-key", "?")));
        assertThat(handshake.refusal()).isEmpty();
        assertThat(handshake.accept(List.of(), Optional.empty(), Headers.empty()).response().headers()).isEqualTo(Headers.empty());
    }

    @Test
    void anotherVersionIs400AndToldWhichIsSpoken() {
        OpeningResponse refusal = refusal(Headers.of("sec-websocket-version", "8"));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.headers().all("Sec-WebSocket-Version")).containsExactly("13");
        assertThat(refusal.headers().contains("Upgrade")).isFalse();
    }

    @Test
    void whatIsMalformedOverHttp11IsSoOverHttp2() {
        assertThat(refusal(FIELDS.with("content-length", "5")).status()).isEqualTo(400);
        assertThat(refusal(FIELDS.with("sec-websocket-protocol", "chat")).status()).isEqualTo(400);
        assertThat(refusal(FIELDS.with("sec-websocket-extensions", ";")).status()).isEqualTo(400);
        assertThat(handshake(connect("https", "a", "/../b", "websocket", FIELDS)).refusal().orElseThrow().status()).isEqualTo(400);
        assertThat(handshake(connect("https", "a b", "/", "websocket", FIELDS)).refusal().orElseThrow().status()).isEqualTo(400);
        assertThat(handshake(connect("https", null, "/", "websocket", FIELDS)).refusal().orElseThrow().status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "-,       https, a, /,  -",
        "GET,     https, a, /,  websocket",
        "GET,     -,     a, /,  -",
        "GET,     ftp,   a, /,  -",
        "GET,     http,  a, -,  -",
        "GET,     http,  a, '', -",
        "CONNECT, https, a, -,  websocket",
        "CONNECT, -,     a, /,  websocket",
        "CONNECT, https, a, -,  -",
        "CONNECT, -,     a, /,  -",
        "CONNECT, -,     -, -,  -"})
    @Rfc(number = 8441, section = "4", rule = "an extended CONNECT has :scheme and :path, and nothing but CONNECT has :protocol")
    void whatLacksAPseudoFieldOrHasOneTooManyIsMalformed(String method, String scheme, String authority, String path, String protocol) {
        assertThat(new StreamRequest(method, scheme, authority, path, protocol, FIELDS).request()).isEmpty();
    }

    @Test
    @Rfc(number = 9113, section = "8.3.1", rule = "Host and :authority do not differ")
    void oneRequestHasOneAuthority() {
        assertThat(connect("https", "a", "/", "websocket", Headers.of("host", "b")).request()).isEmpty();
        assertThat(connect("https", "a", "/", "websocket", Headers.of("host", "a", "host", "a")).request()).isEmpty();
        assertThat(connect("https", "A", "/", "websocket", Headers.of("host", "a")).request().orElseThrow().headers())
                .isEqualTo(Headers.of("host", "a"));
        assertThat(connect("https", null, "/", "websocket", Headers.of("host", "a")).request().orElseThrow().headers())
                .isEqualTo(Headers.of("host", "a"));
    }

    @Test
    @Rfc(number = 9113, section = "8.2.3", rule = "a cookie in several fields is one")
    void theCrumbsOfACookieAreJoined() {
        Headers fields = Headers.of("cookie", "a=b", "x", "y", "cookie", "c=d");
        assertThat(connect("https", "a", "/", "websocket", fields).request().orElseThrow().headers())
                .isEqualTo(Headers.of("Host", "a", "x", "y", "Cookie", "a=b; c=d"));
    }

    @Test
    @Rfc(number = 8441, section = "5", rule = "a client asks with CONNECT, :protocol websocket and the URI's path, without key and upgrade")
    void aClientAsksWithAnExtendedConnect() {
        ClientHandshake client = ClientHandshake.of(URI.create("wss://a:8443/b?c"), List.of("chat"), Optional.empty(), Headers.of("Origin", "d"));
        assertThat(client.overHttp2().request()).isEqualTo(new OpeningRequest("CONNECT", "/b?c", "HTTP/2", Headers.of(
                "Host", "a:8443", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", "chat", "Origin", "d"), "websocket"));
        assertThat(client.overHttp2().host()).isEqualTo("a");
        assertThat(client.overHttp2().port()).isEqualTo(8443);
        assertThat(client.request().isHttp2()).isFalse();
    }

    @Test
    void aClientJudgesTheAnswerByTheSameRules() {
        ClientHandshake client = ClientHandshake.of(URI.create("ws://a"), List.of("chat"), Optional.empty(), Headers.empty()).overHttp2();
        assertThat(client.answer(new OpeningResponse(200, Headers.empty(), ""))).isEqualTo(new Accepted(Optional.empty(), Optional.empty()));
        assertThat(client.answer(new OpeningResponse(204, Headers.of("sec-websocket-protocol", "chat"), "")))
                .isEqualTo(new Accepted(Optional.of("chat"), Optional.empty()));
        assertThat(client.answer(new OpeningResponse(200, Headers.of("sec-websocket-protocol", "other"), ""))).isInstanceOf(Refused.class);
        assertThat(client.answer(new OpeningResponse(101, Headers.empty(), "")))
                .isEqualTo(new Refused(101, "the server answered 101 instead of 200"));
        assertThat(client.answer(new OpeningResponse(404, Headers.empty(), "nothing\n")))
                .isEqualTo(new Refused(404, "the server answered 404 instead of 200: nothing"));
    }
}
