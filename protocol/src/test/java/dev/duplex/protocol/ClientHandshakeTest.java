package dev.duplex.protocol;

import static dev.duplex.protocol.Openings.SAMPLE_ANSWER;
import static dev.duplex.protocol.Openings.answerWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.protocol.ClientHandshake.Accepted;
import dev.duplex.protocol.ClientHandshake.Answer;
import dev.duplex.protocol.ClientHandshake.Refused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest {
    private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
    private static final DeflateOptions FREE = DeflateOptions.defaults().withContextTakeover();

    private static final ClientHandshake SAMPLE = sample(Optional.empty());

    @Test
    @Rfc(section = "4.1", rule = "the request is a GET with Host, Upgrade, Connection, Key and Version, and what is offered")
    void theRequestIsTheRfcsSample() {
        assertThat(SAMPLE.request()).isEqualTo(new OpeningRequest("GET", "/chat", "HTTP/1.1", Headers.of(
                "Host", "server.example.com", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Key", Openings.KEY,
                "Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", "chat, superchat", "Origin", "http://example.com")));
    }

    @Test
    void nothingIsOfferedUnasked() {
        Headers headers = handshake("ws://a").request().headers();
        assertThat(headers.contains("Sec-WebSocket-Protocol")).isFalse();
        assertThat(headers.contains("Sec-WebSocket-Extensions")).isFalse();
        assertThat(sample(Optional.of(FREE)).request().headers().all("Sec-WebSocket-Extensions"))
                .containsExactly("permessage-deflate; client_max_window_bits");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ws://example.com                 | example.com       | /              | example.com   | 80   | false",
        "wss://example.com                | example.com       | /              | example.com   | 443  | true",
        "WS://Example.COM:80/a            | example.com       | /a             | example.com   | 80   | false",
        "wss://example.com:443/           | example.com       | /              | example.com   | 443  | true",
        "ws://example.com:443/            | example.com:443   | /              | example.com   | 443  | false",
        "wss://example.com:80/            | example.com:80    | /              | example.com   | 80   | true",
        "ws://example.com:/               | example.com       | /              | example.com   | 80   | false",
        "ws://127.0.0.1:8080/echo         | 127.0.0.1:8080    | /echo          | 127.0.0.1     | 8080 | false",
        "ws://[::1]:8080/echo             | [::1]:8080        | /echo          | ::1           | 8080 | false",
        "ws://[fe80::1%eth0]/             | [fe80::1]         | /              | fe80::1%eth0  | 80   | false",
        "ws://[fe80::1%25eth0]:9/         | [fe80::1]:9       | /              | fe80::1%eth0  | 9    | false",
        "ws://my_service:8080/            | my_service:8080   | /              | my_service    | 8080 | false",
        "ws://a?x=1                       | a                 | /?x=1          | a             | 80   | false",
        "ws://a/?                         | a                 | /?             | a             | 80   | false",
        "ws://a/b//c/%2F;x?y=%20&z=?/     | a                 | /b//c/%2F;x?y=%20&z=?/ | a     | 80   | false",
        "ws://a/ü?ß                       | a                 | /%C3%BC?%C3%9F | a             | 80   | false"})
    @Rfc(section = "3", rule = "a ws or wss URI gives host, port (80, 443) and resource name, path and query")
    @Rfc(section = "4.1", rule = "Host leaves the default port out")
    void aUriGivesHostPortAndTarget(String uri, String host, String target, String connectHost, int port, boolean isSecure) {
        ClientHandshake handshake = handshake(uri);
        assertThat(handshake.request().headers().all("Host")).containsExactly(host);
        assertThat(handshake.request().target()).isEqualTo(target);
        assertThat(handshake.host()).isEqualTo(connectHost);
        assertThat(handshake.port()).isEqualTo(port);
        assertThat(handshake.isSecure()).isEqualTo(isSecure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/", "https://a/", "a/b", "/b", "//a/b", "ws:a", "ws:/a", "ws:///a", "ws://a/#", "ws://a/#b", "ws://user@a/",
        "ws://user:secret@a/", "ws://@a/", "ws://a:65536/", "ws://a:0/", "ws://a:99999999999/", "ws://:80/", "ws://a,b/", "ws://m\u00fcller.example/",
        "ws://ex%61mple.com/",         "mailto:a@b", ""})
    @Rfc(section = "3", rule = "a URI with another scheme, with a fragment or without a host is none")
    void whatIsNoWebSocketUriIsTold(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> handshake(uri)).withMessageContaining("a WebSocket URI");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\r\nX: y", "a\u0000", "\u010a", "a/b", "\u00e4"})
    @Rfc(section = "4.1", rule = "offered subprotocols are different tokens")
    void subprotocolsMustBeTokens(String subprotocol) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientHandshake(
                URI.create("ws://a"), List.of("good", subprotocol), Optional.empty(), Headers.empty(), NONCE));
    }

    @Test
    void aSubprotocolIsNotOfferedTwice() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientHandshake(
                URI.create("ws://a"), List.of("b", "c", "b"), Optional.empty(), Headers.empty(), NONCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "HOST", "Connection", "Upgrade", "Sec-WebSocket-Key", "sec-websocket-version", "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Keep-Alive", "Proxy-Connection"})
    void theHandshakesOwnFieldsCannotBeSet(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClientHandshake(
                URI.create("ws://a"), List.of(), Optional.empty(), Headers.of(name, "x"), NONCE)).withMessageContaining(name);
    }

    @Test
    void otherFieldsCanBeSet() {
        Headers extra = Headers.of("Origin", "http://a", "Cookie", "b=c", "Authorization", "Basic x", "User-Agent", "d", "X-Any", "e");
        ClientHandshake handshake = new ClientHandshake(URI.create("ws://a"), List.of(), Optional.empty(), extra, NONCE);
        extra.forEach((name, value) -> assertThat(handshake.request().headers().all(name)).containsExactly(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17, 24})
    void aNonceHas16Bytes(int bytes) {
        assertThatIllegalArgumentException().isThrownBy(
                () -> new ClientHandshake(URI.create("ws://a"), List.of(), Optional.empty(), Headers.empty(), new byte[bytes]));
    }

    @Test
    @Rfc(section = "4.1", rule = "the key is a fresh random nonce of 16 bytes for each connection")
    void everyHandshakeDrawsAnotherNonce() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Headers headers = ClientHandshake.of(URI.create("ws://a"), List.of(), Optional.empty(), Headers.empty()).request().headers();
            assertThat(Base64.getDecoder().decode(headers.first("Sec-WebSocket-Key").orElseThrow())).hasSize(16);
            keys.add(headers.first("Sec-WebSocket-Key").orElseThrow());
        }
        assertThat(keys).hasSize(1_000);
    }

    @Test
    @Rfc(section = "1.3", rule = "the sample handshake is answered with the sample's answer")
    void theRfcsSampleAnswerIsAccepted() {
        assertThat(SAMPLE.answer(SAMPLE_ANSWER)).isEqualTo(new Accepted(Optional.of("chat"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 200, 204, 301, 400, 401, 403, 404, 426, 503, 599})
    @Rfc(section = "4.1", rule = "a status other than 101 opens nothing")
    void anyStatusBut101Refuses(int status) {
        Answer answer = SAMPLE.answer(new OpeningResponse(status, SAMPLE_ANSWER.headers(), ""));
        assertThat(answer).isEqualTo(new Refused(status, "the server answered " + status + " instead of 101"));
    }

    @Test
    void theServersReasonIsToldInOneHarmlessLine() {
        assertThat(SAMPLE.answer(new OpeningResponse(403, Headers.empty(), "no\u001b[31m entry\nmore")))
                .isEqualTo(new Refused(403, "the server answered 403 instead of 101: no\\u001b[31m entry"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"WebSocket | upgrade", "WEBSOCKET | keep-alive, Upgrade", "websocket | ,UPGRADE,"})
    @Rfc(section = "4.1", rule = "Upgrade and Connection are compared without case")
    void namesAreComparedWithoutCase(String upgrade, String connection) {
        Headers headers = Openings.replaced(answerWith("Upgrade", upgrade).headers(), "connection", connection);
        assertThat(SAMPLE.answer(new OpeningResponse(101, headers, ""))).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h2c", "websocket2", "h2c, websocket", "web socket"})
    @Rfc(section = "4.1", rule = "an answer without Upgrade: websocket is refused")
    void anotherUpgradeRefuses(String upgrade) {
        assertBroken(SAMPLE.answer(answerWith("Upgrade", upgrade)), "Upgrade: websocket");
        assertBroken(SAMPLE.answer(answerWith("Upgrade")), "Upgrade: websocket");
        assertBroken(SAMPLE.answer(answerWith("Upgrade", "websocket", upgrade)), "Upgrade: websocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "close", "keep-alive", "Upgrades"})
    @Rfc(section = "4.1", rule = "an answer without Connection: Upgrade is refused")
    void anotherConnectionRefuses(String connection) {
        assertBroken(SAMPLE.answer(answerWith("Connection", connection)), "Connection: Upgrade");
        assertBroken(SAMPLE.answer(answerWith("Connection")), "Connection: Upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S3PPLMBITXAQ9KYGZZHZRBK+XOO=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo", "dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    @Rfc(section = "4.1", rule = "an answer whose Accept does not fit the key is refused")
    void aWrongAcceptRefuses(String accept) {
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Accept", accept)), "Sec-WebSocket-Accept");
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Accept")), "Sec-WebSocket-Accept");
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Accept", Openings.ACCEPT, Openings.ACCEPT)), "Sec-WebSocket-Accept");
    }

    @Test
    void blanksAroundValuesMeanNothing() {
        Headers headers = Openings.replaced(answerWith("Sec-WebSocket-Accept", "\t" + Openings.ACCEPT + " ").headers(),
                "Sec-WebSocket-Protocol", " superchat\t");
        assertThat(SAMPLE.answer(new OpeningResponse(101, headers, ""))).isEqualTo(new Accepted(Optional.of("superchat"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "other", "CHAT", "chat, superchat", "chat,", "cha\u00ff"})
    @Rfc(section = "4.1", rule = "an answer with a subprotocol that was not offered is refused")
    void aSubprotocolThatWasNotOfferedRefuses(String subprotocol) {
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Protocol", subprotocol)), "subprotocol");
    }

    @Test
    void aSubprotocolToldTwiceOrUnaskedRefusesAndNoneIsFine() {
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Protocol", "chat", "chat")), "subprotocol");
        ClientHandshake offersNone = handshake("ws://a");
        assertBroken(offersNone.answer(SAMPLE_ANSWER), "subprotocol");
        assertThat(SAMPLE.answer(answerWith("Sec-WebSocket-Protocol"))).isEqualTo(new Accepted(Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-deflate", "x", "constructor"})
    @Rfc(section = "4.1", rule = "an answer with an extension that was not offered is refused")
    void anExtensionThatWasNotOfferedRefuses(String extension) {
        assertBroken(SAMPLE.answer(answerWith("Sec-WebSocket-Extensions", extension)), "extension that was not offered");
        if (!extension.equals("permessage-deflate")) {
            assertBroken(answerTo(FREE, extension), "extension that was not offered");
            assertBroken(answerTo(FREE, "permessage-deflate, " + extension), "extension that was not offered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "permessage-deflate;", "permessage-deflate; a=\"", "permessage-deflate permessage-deflate"})
    void aMalformedExtensionHeaderRefuses(String header) {
        assertBroken(answerTo(FREE, header), "malformed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "permessage-deflate                                                        | false | false | 15 | 15",
        "permessage-deflate; server_no_context_takeover                            | true  | false | 15 | 15",
        "permessage-deflate; client_no_context_takeover                            | false | true  | 15 | 15",
        "permessage-deflate; server_max_window_bits=8; client_max_window_bits=9    | false | false | 8  | 9",
        "permessage-deflate; client_max_window_bits=\"15\";server_max_window_bits=\"1\\5\" | false | false | 15 | 15"})
    @Rfc(number = 7692, section = "7.1", rule = "a server may answer with parameters of its own that the client can honour")
    void whatTheServerMayAnswerIsHonoured(String answer, boolean server, boolean client, int serverBits, int clientBits) {
        assertThat(answerTo(FREE, answer)).isEqualTo(
                new Accepted(Optional.of("chat"), Optional.of(new DeflateParameters(server, client, serverBits, clientBits))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=abc",
        "server_max_window_bits=010", "server_max_window_bits=", "server_max_window_bits=9; server_max_window_bits=9", "client_max_window_bits",
        "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=\"\"", "client_max_window_bits=9; client_max_window_bits=9",
        "server_no_context_takeover=1", "server_no_context_takeover; server_no_context_takeover", "client_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover", "unknown", "constructor=1"})
    @Rfc(number = 7692, section = "7.1", rule = "an answer with an unknown, doubled or wrong parameter is refused")
    void aWrongParameterRefuses(String parameters) {
        assertBroken(answerTo(FREE, "permessage-deflate; " + parameters), "RFC 7692 §7.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=11 | server_max_window_bits is larger",
        "permessage-deflate; server_no_context_takeover                            | server_max_window_bits is larger",
        "permessage-deflate; server_max_window_bits=10                             | server_no_context_takeover was asked for",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=12 | client_max_window_bits is larger"})
    @Rfc(number = 7692, section = "7.1.2.1", rule = "an answer with a larger server window than asked is refused")
    @Rfc(number = 7692, section = "7.1.2.2", rule = "an answer with a larger client window than offered is refused")
    @Rfc(number = 7692, section = "7.1.1.1", rule = "an answer that does not grant server_no_context_takeover is refused")
    void anAnswerThatTheOfferDoesNotAllowRefuses(String answer, String why) {
        assertBroken(answerTo(DeflateOptions.defaults().withMaxWindowBits(10, 11), answer), why);
    }

    @Test
    @Rfc(number = 7692, section = "7.1.1.2", rule = "a client keeps what it hinted at in its offer, told or not")
    void theClientKeepsWhatItPromised() {
        Answer answer = answerTo(DeflateOptions.defaults().withMaxWindowBits(15, 11), "permessage-deflate; server_no_context_takeover");
        assertThat(answer).isEqualTo(new Accepted(Optional.of("chat"), Optional.of(new DeflateParameters(true, true, 15, 11))));
    }

    @Test
    void compressionToldTwiceRefusesAndNoneIsFine() {
        assertBroken(answerTo(FREE, "permessage-deflate, permessage-deflate"), "twice");
        assertBroken(answerTo(FREE, "permessage-deflate", "permessage-deflate"), "twice");
        assertThat(answerTo(FREE)).isEqualTo(new Accepted(Optional.of("chat"), Optional.empty()));
    }

    private static Answer answerTo(DeflateOptions offered, String... extensions) {
        return sample(Optional.of(offered)).answer(answerWith("Sec-WebSocket-Extensions", extensions));
    }

    private static void assertBroken(Answer answer, String why) {
        assertThat(answer).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(101);
            assertThat(refused.why()).contains(why);
        });
    }

    private static ClientHandshake sample(Optional<DeflateOptions> deflate) {
        return new ClientHandshake(URI.create("ws://server.example.com/chat"), List.of("chat", "superchat"), deflate,
                Headers.of("Origin", "http://example.com"), NONCE);
    }

    private static ClientHandshake handshake(String uri) {
        return new ClientHandshake(URI.create(uri), List.of(), Optional.empty(), Headers.empty(), NONCE);
    }
}
