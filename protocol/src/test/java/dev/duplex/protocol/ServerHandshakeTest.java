package dev.duplex.protocol;

import static dev.duplex.protocol.Openings.SAMPLE;
import static dev.duplex.protocol.Openings.sampleWith;
import static dev.duplex.protocol.Openings.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest {

    @Test
    @Rfc(section = "1.3", rule = "the sample handshake is answered with the sample's answer")
    @Rfc(section = "4.2.2", rule = "the answer has 101, Upgrade, Connection, Accept and the chosen subprotocol")
    void theRfcsSampleIsAnsweredAsInTheRfc() {
        ServerHandshake handshake = ServerHandshake.of(SAMPLE);
        assertThat(handshake.refusal()).isEmpty();
        assertThat(handshake.subprotocols()).containsExactly("chat", "superchat");
        ServerHandshake.Acceptance acceptance = handshake.accept(List.of("chat"), Optional.empty(), Headers.empty());
        assertThat(acceptance).isEqualTo(new ServerHandshake.Acceptance(Openings.SAMPLE_ANSWER, Optional.of("chat"), Optional.empty()));
        assertThat(acceptance.response().isAccepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "get", ""})
    @Rfc(section = "4.2.1", rule = "the method is GET, else 405 with Allow")
    void methodsOtherThanGetAre405(String method) {
        OpeningResponse refusal = refusalOf(new OpeningRequest(method, "/chat", "HTTP/1.1", SAMPLE.headers()));
        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers().all("Allow")).containsExactly("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.10", "HTTP/1.:", "http/1.1", ""})
    @Rfc(section = "4.2.1", rule = "the version is HTTP/1.1 or higher, else 426")
    void versionsThatCannotUpgradeAre426(String version) {
        assertIs426(new OpeningRequest("GET", "/chat", version, SAMPLE.headers()));
    }

    @Test
    void anOldRequestWithoutHostIs426Too() {
        assertIs426(new OpeningRequest("GET", "/chat", "HTTP/1.0", Openings.replaced(SAMPLE.headers(), "Host")));
    }

    @ParameterizedTest
    @CsvSource({"13", "8", "7", "0"})
    @Rfc(section = "4.2.1", rule = "Upgrade has websocket and Connection has Upgrade, else 426")
    void requestsThatAProxyThinksPlainAre426(String version) {
        OpeningRequest request = sampleWith("Sec-WebSocket-Version", version);
        assertIs426(with(request, "Upgrade"));
        assertIs426(with(request, "Connection"));
        assertIs426(with(with(request, "Connection"), "Upgrade"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket2", "web socket", "websocket;q=1", "websocket/13", "\"websocket\"", ""})
    void otherUpgradesAre426(String upgrade) {
        assertIs426(sampleWith("Upgrade", upgrade));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive", "Upgraded", "Upgrade;", ""})
    void otherConnectionsAre426(String connection) {
        assertIs426(sampleWith("Connection", connection));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "8", "14", "013", "13, 8", "13,", "+13", "13.0", "99999999999999999999"})
    @Rfc(section = "4.4", rule = "a version other than 13 is 426, which names the version that is spoken")
    void versionsOtherThan13Are426(String version) {
        assertIs426(sampleWith("Sec-WebSocket-Version", version));
    }

    @Test
    void noVersionAndTwoVersionsAre426() {
        assertIs426(sampleWith("Sec-WebSocket-Version"));
        assertIs426(sampleWith("Sec-WebSocket-Version", "13", "13"));
        assertIs426(sampleWith("Sec-WebSocket-Version", "13", "8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25j",
        "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25jZTE2", "dGhlIHNhbXBsZSBub25-_Q==", "dGhl IHNhbXBsZSBub25jZQ==", "not base64 at all",
        "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="})
    @Rfc(section = "4.2.1", rule = "the key stands once and is 16 bytes in base64, else 400")
    void keysThatAreNot16BytesAre400(String key) {
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Key", key)).status()).isEqualTo(400);
    }

    @Test
    void noKeyTwoKeysAndAHugeKeyAre400() {
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Key")).status()).isEqualTo(400);
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Key", Openings.KEY, Openings.KEY)).status()).isEqualTo(400);
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Key", "A".repeat(10_240))).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "user@example.com", "example.com/path", "http://example.com", "example.com:x",
        "example.com:65536", "example.com:-1", "example.com:+80", "a.com, b.com", "a.com,b.com", "[::1", "::1", "[::1]x", "[::g]", "[]", "[fe80::1%eth0]",
        "[1.2.3.4]", "exa%6dple.com", "ex\u00e4mple.com", "example.com#", "example.com?", "example.com\\", ":80", "*"})
    @Rfc(section = "4.2.1", rule = "Host stands once and is host[:port], else 400")
    void malformedHostsAre400(String host) {
        assertThat(refusalOf(sampleWith("Host", host)).status()).isEqualTo(400);
    }

    @Test
    void noHostAndTwoHostsAre400() {
        assertThat(refusalOf(sampleWith("Host")).status()).isEqualTo(400);
        assertThat(refusalOf(sampleWith("Host", "a.com", "a.com")).status()).isEqualTo(400);
        assertThat(refusalOf(new OpeningRequest("GET", "/", "HTTP/1.0", Openings.replaced(SAMPLE.headers(), "Host", "a", "b"))).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "5", "00", "+0", "-1", "0x0", "", "0, 0", "99999999999999999999"})
    @Rfc(section = "4.1", rule = "the request has no body, else 400")
    void announcedBodiesAre400(String length) {
        assertThat(refusalOf(sampleWith("Content-Length", length)).status()).isEqualTo(400);
        assertThat(refusalOf(new OpeningRequest("GET", "/", "HTTP/1.0", sampleWith("Content-Length", length).headers())).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "xchunked", "identity", "chunked, chunked", ""})
    void transferEncodingsAre400(String encoding) {
        assertThat(refusalOf(sampleWith("Transfer-Encoding", encoding)).status()).isEqualTo(400);
        assertThat(refusalOf(with(sampleWith("Content-Length", "0"), "Transfer-Encoding", encoding)).status()).isEqualTo(400);
    }

    @Test
    void twoContentLengthsAre400AndOneOfZeroIsNoBody() {
        assertThat(refusalOf(sampleWith("Content-Length", "0", "0")).status()).isEqualTo(400);
        assertThat(ServerHandshake.of(sampleWith("Content-Length", "0")).refusal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a b", "a, a", "a;q=1", "a/b", "\"a\"", "a, b, c, b", "(a)", "a\u00e9"})
    @Rfc(section = "4.1", rule = "offered subprotocols are different tokens, else 400")
    void malformedSubprotocolListsAre400(String list) {
        OpeningRequest request = sampleWith("Sec-WebSocket-Protocol", list);
        assertThat(refusalOf(request).status()).isEqualTo(400);
    }

    @Test
    void aSubprotocolOfferedTwiceOnTwoLinesIs400() {
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Protocol", "a, b", "a")).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-deflate;", "permessage-deflate; a=\"", "permessage deflate", "; permessage-deflate", "x; a=\"b c\"", ""})
    @Rfc(section = "9.1", rule = "a malformed list fails the handshake")
    void malformedExtensionListsAre400(String list) {
        assertThat(refusalOf(sampleWith("Sec-WebSocket-Extensions", list)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "chat", "server.example.com:80", "/a/../b", "/a b", "/a#b", "http://", "http://other.example.com/chat",
        "http://server.example.com:81/chat", "http://user@server.example.com/chat", "ftp://server.example.com/chat"})
    @Rfc(section = "4.2.1", rule = "the request target is a path, or an absolute URI that agrees with Host, else 400")
    void malformedTargetsAre400(String target) {
        assertThat(refusalOf(new OpeningRequest("GET", target, "HTTP/1.1", SAMPLE.headers())).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat?x=/../y", "http://server.example.com/chat", "HTTP://Server.Example.com:80", "https://server.example.com:443?x"})
    void pathsAndAbsoluteUrisOfThisHostAreAccepted(String target) {
        assertThat(ServerHandshake.of(new OpeningRequest("GET", target, "HTTP/1.1", SAMPLE.headers())).refusal()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Connection | keep-alive, Upgrade", "Connection | upgrade", "connection | UPGRADE ,keep-alive", "Connection | ,,Upgrade,",
        "Upgrade | WebSocket", "UPGRADE | WEBSOCKET", "Upgrade | h2c, websocket", "Upgrade | TLS/1.0,websocket", "Host | [::1]:8080",
        "Host | 127.0.0.1:1", "Host | LOCALHOST.", "Host | example.com:", "Host | my_service", "Sec-WebSocket-Extensions | unknown; x=\"y\", __proto__",
        "Sec-WebSocket-Protocol | v1.chat!", "Expect | 100-continue"})
    @Rfc(section = "4.2.1", rule = "names and tokens are compared without case, and may stand among others")
    void legalOdditiesAreAccepted(String name, String value) {
        assertThat(ServerHandshake.of(sampleWith(name, value)).refusal()).isEmpty();
    }

    @Test
    void tabsAndListsOverSeveralLinesAreAccepted() {
        assertThat(ServerHandshake.of(sampleWith("Connection", "keep-alive", "\tUpgrade\t")).refusal()).isEmpty();
        assertThat(ServerHandshake.of(sampleWith("Upgrade", "h2c", "websocket")).refusal()).isEmpty();
        assertThat(ServerHandshake.of(sampleWith("Sec-WebSocket-Version", "\t13 ")).refusal()).isEmpty();
        assertThat(ServerHandshake.of(sampleWith("Sec-WebSocket-Key", " " + Openings.KEY + "\t")).refusal()).isEmpty();
        ServerHandshake handshake = ServerHandshake.of(sampleWith("Sec-WebSocket-Protocol", "a,\tb", "c"));
        assertThat(handshake.refusal()).isEmpty();
        assertThat(handshake.subprotocols()).containsExactly("a", "b", "c");
    }

    @Test
    void spareBitsOfAKeyMeanNothing() {
        assertThat(ServerHandshake.of(sampleWith("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==")).refusal()).isEmpty();
    }

    @Test
    void blanksAroundTheKeyAreNotPartOfIt() {
        OpeningResponse answer = ServerHandshake.of(sampleWith("Sec-WebSocket-Key", " " + Openings.KEY + "\t"))
                .accept(List.of(), Optional.empty(), Headers.empty()).response();
        assertThat(answer.headers().all("Sec-WebSocket-Accept")).containsExactly(Openings.ACCEPT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"superchat, chat | chat", "superchat | superchat", "CHAT | ''", "other | ''", "'' | ''"})
    @Rfc(section = "4.2.2", rule = "the server chooses one of the offered subprotocols, or none")
    void theClientsFirstPreferenceThatIsSpokenWins(String spoken, String expected) {
        List<String> names = spoken.isEmpty() ? List.of() : List.of(spoken.split(", "));
        var acceptance = ServerHandshake.of(SAMPLE).accept(names, Optional.empty(), Headers.empty());
        assertThat(acceptance.subprotocol().orElse("")).isEqualTo(expected);
        assertThat(acceptance.response().headers().first("Sec-WebSocket-Protocol")).isEqualTo(acceptance.subprotocol());
    }

    @Test
    void nothingIsChosenFromNoOffer() {
        var acceptance = ServerHandshake.of(sampleWith("Sec-WebSocket-Protocol"))
                .accept(List.of("chat"), Optional.of(DeflateOptions.defaults()), Headers.empty());
        assertThat(acceptance.subprotocol()).isEmpty();
        assertThat(acceptance.deflate()).isEmpty();
        assertThat(acceptance.response().headers().contains("Sec-WebSocket-Protocol")).isFalse();
        assertThat(acceptance.response().headers().contains("Sec-WebSocket-Extensions")).isFalse();
    }

    @Test
    @Rfc(section = "9.1", rule = "extensions that the server does not know are passed over")
    void compressionIsAgreedOnAmongUnknownExtensions() {
        ServerHandshake handshake = ServerHandshake.of(sampleWith("Sec-WebSocket-Extensions", "x-webkit-deflate-frame", "permessage-deflate"));
        var with = handshake.accept(List.of(), Optional.of(DeflateOptions.defaults().withContextTakeover()), Headers.empty());
        assertThat(with.deflate()).contains(new DeflateParameters(false, false, 15, 15));
        assertThat(with.response().headers().all("Sec-WebSocket-Extensions")).containsExactly("permessage-deflate");
        var without = handshake.accept(List.of(), Optional.empty(), Headers.empty());
        assertThat(without.deflate()).isEmpty();
        assertThat(without.response().headers().contains("Sec-WebSocket-Extensions")).isFalse();
    }

    @Test
    void fieldsOfTheApplicationComeLast() {
        OpeningResponse response = ServerHandshake.of(SAMPLE)
                .accept(List.of(), Optional.empty(), Headers.of("Set-Cookie", "a=b", "Set-Cookie", "c=d")).response();
        assertThat(response.headers().all("Set-Cookie")).containsExactly("a=b", "c=d");
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "connection", "Sec-WebSocket-Accept", "SEC-WEBSOCKET-EXTENSIONS", "Sec-WebSocket-Protocol",
        "sec-websocket-anything", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Trailer"})
    void theHandshakesOwnFieldsCannotBeSet(String name) {
        Headers extra = Headers.of(name, "x");
        assertThatIllegalArgumentException().isThrownBy(() -> ServerHandshake.of(SAMPLE).accept(List.of(), Optional.empty(), extra));
        assertThatIllegalArgumentException().isThrownBy(() -> ServerHandshake.refuse(403, extra, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\rb", "a\u0000b", "\u010a", "a\u007f", "\u560a"})
    void noValueCanInjectAField(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("X-Value", value));
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of("X-" + value, "x"));
        assertThatIllegalArgumentException().isThrownBy(
                () -> ServerHandshake.of(SAMPLE).accept(List.of(value), Optional.empty(), Headers.empty()));
    }

    @Test
    void whatMustBeRefusedCannotBeAccepted() {
        ServerHandshake handshake = ServerHandshake.of(sampleWith("Sec-WebSocket-Key"));
        assertThatIllegalStateException().isThrownBy(() -> handshake.accept(List.of(), Optional.empty(), Headers.empty()))
                .withMessageContaining("Sec-WebSocket-Key");
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 100, 200, 204, 299, 600, 0, -1})
    void aRefusalNeverOpensATunnel(int status) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServerHandshake.refuse(status, Headers.empty(), ""));
    }

    @Test
    void aRefusalTellsWhyAndClosesTheConnection() {
        assertThat(ServerHandshake.refuse(503, Headers.of("Retry-After", "5"), "full")).isEqualTo(new OpeningResponse(503, Headers.of(
                "Connection", "close", "Content-Type", "text/plain; charset=utf-8", "Retry-After", "5"), "full"));
        assertThat(ServerHandshake.refuse(403, Headers.of("Content-Type", "application/json"), "{}").headers().all("content-type"))
                .containsExactly("application/json");
        assertThat(ServerHandshake.refuse(404, Headers.empty(), "").headers()).isEqualTo(Headers.of("Connection", "close"));
    }

    @Test
    void whatAsksForAWebSocketIsToldFromPlainHttp() {
        assertThat(ServerHandshake.isUpgrade(SAMPLE)).isTrue();
        assertThat(ServerHandshake.isUpgrade(sampleWith("Upgrade"))).isTrue();
        assertThat(ServerHandshake.isUpgrade(with(sampleWith("Sec-WebSocket-Key"), "Sec-WebSocket-Version"))).isTrue();
        for (String field : new String[] {"Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
            assertThat(ServerHandshake.isUpgrade(new OpeningRequest("GET", "/", "HTTP/1.1", Headers.of("Host", "a", field, "?")))).isTrue();
        }
        assertThat(ServerHandshake.isUpgrade(new OpeningRequest("GET", "/", "HTTP/1.1", Headers.of("Host", "a")))).isFalse();
        assertThat(ServerHandshake.isUpgrade(new OpeningRequest("GET", "/", "HTTP/1.1", Headers.of(
                "Host", "a", "Upgrade", "h2c", "Connection", "Upgrade, HTTP2-Settings", "HTTP2-Settings", "AAMAAABkAAQAAP__")))).isFalse();
    }

    private static OpeningResponse refusalOf(OpeningRequest request) {
        OpeningResponse refusal = ServerHandshake.of(request).refusal().orElseThrow();
        assertThat(refusal.isAccepted()).isFalse();
        assertThat(refusal.headers().first("Connection").orElse("")).startsWith("close");
        assertThat(refusal.body()).isNotEmpty();
        return refusal;
    }

    private static void assertIs426(OpeningRequest request) {
        OpeningResponse refusal = refusalOf(request);
        assertThat(refusal.status()).isEqualTo(426);
        assertThat(refusal.headers().all("Upgrade")).containsExactly("websocket");
        assertThat(refusal.headers().all("Sec-WebSocket-Version")).containsExactly("13");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 401, 503, 599})
    void aRefusalHasAStatusOf300To599(int status) {
        assertThat(ServerHandshake.refuse(status, Headers.empty(), "").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101, 200, 299, 600, 1000})
    void noOtherStatusRefuses(int status) {
        assertThatThrownBy(() -> ServerHandshake.refuse(status, Headers.empty(), "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.2", "HTTP/1.9"})
    void everyVersionFromHttp11OnOpens(String version) {
        assertThat(ServerHandshake.of(new OpeningRequest("GET", "/chat", version, SAMPLE.headers())).refusal()).isEmpty();
    }
}
