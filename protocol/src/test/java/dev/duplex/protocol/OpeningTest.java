package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.ClientHandshake.Accepted;
import dev.duplex.protocol.ClientHandshake.Refused;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both sides of the handshake against each other. */
class OpeningTest {
    private final Random random = new Random(6455);

    @Test
    void whatAClientAsksAServerAnswersAndBothAgree() {
        for (int round = 0; round < 5_000; round++) {
            List<String> spoken = subprotocols();
            Optional<DeflateOptions> serverDeflate = deflate();
            ClientHandshake client = ClientHandshake.of(uri(), subprotocols(), deflate(), Headers.of("Cookie", "a=" + round));
            ServerHandshake server = ServerHandshake.of(client.request());
            assertThat(server.refusal()).isEmpty();
            var acceptance = server.accept(spoken, serverDeflate, Headers.of("Set-Cookie", "b=" + round));
            assertThat(client.answer(acceptance.response()))
                    .isEqualTo(new Accepted(acceptance.subprotocol(), acceptance.deflate()));
        }
    }

    @Test
    void anAnswerToAnotherRequestIsRefused() {
        ClientHandshake one = ClientHandshake.of(uri(), List.of(), Optional.empty(), Headers.empty());
        ClientHandshake other = ClientHandshake.of(uri(), List.of(), Optional.empty(), Headers.empty());
        OpeningResponse answer = ServerHandshake.of(one.request()).accept(List.of(), Optional.empty(), Headers.empty()).response();
        assertThat(one.answer(answer)).isInstanceOf(Accepted.class);
        assertThat(other.answer(answer)).isInstanceOf(Refused.class);
    }

    @Test
    void whateverHeadersHoldBothSidesAnswerAndThrowNothing() {
        ClientHandshake client = ClientHandshake.of(uri(), List.of("a"), Optional.of(DeflateOptions.defaults()), Headers.empty());
        OpeningResponse answer = ServerHandshake.of(client.request())
                .accept(List.of("a"), Optional.of(DeflateOptions.defaults()), Headers.empty()).response();
        for (int round = 0; round < 20_000; round++) {
            OpeningRequest request = new OpeningRequest("GET", mangled(client.request().target()), "HTTP/1.1", mangled(client.request().headers()));
            ServerHandshake server = ServerHandshake.of(request);
            if (server.refusal().isEmpty()) {
                assertThat(server.accept(List.of("a"), Optional.of(DeflateOptions.defaults()), Headers.empty()).response().status()).isEqualTo(101);
            }
            OriginPolicy.sameOrigin().permits(request.headers(), random.nextBoolean());
            assertThat(client.answer(new OpeningResponse(101, mangled(answer.headers()), ""))).isNotNull();
        }
    }

    /** The same with a few characters of some values replaced, removed or doubled. */
    private Headers mangled(Headers headers) {
        Headers[] result = {Headers.empty()};
        headers.forEach((name, value) -> result[0] = result[0].with(name, random.nextInt(4) == 0 ? mangled(value) : value));
        return random.nextInt(8) == 0 ? result[0].with("Origin", mangled("http://example.com:80")) : result[0];
    }

    private String mangled(String value) {
        StringBuilder text = new StringBuilder(value);
        String strange = " \t,;=\"\\/:[]@%.#?*\u00ff0a";
        for (int edits = random.nextInt(3); edits >= 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            if (random.nextBoolean() && at < text.length()) {
                text.deleteCharAt(at);
            } else {
                text.insert(at, strange.charAt(random.nextInt(strange.length())));
            }
        }
        return text.toString();
    }

    private URI uri() {
        List<String> uris = List.of("ws://a", "wss://a:443/x?y", "ws://[::1]:8080/%20", "ws://127.0.0.1:1/a/b/", "wss://my_host:80?");
        return URI.create(uris.get(random.nextInt(uris.size())));
    }

    private List<String> subprotocols() {
        List<String> names = new ArrayList<>(List.of("a", "b", "v1.c", "A"));
        names.removeIf(name -> random.nextBoolean());
        return names;
    }

    private Optional<DeflateOptions> deflate() {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(new DeflateOptions(
                random.nextBoolean(), random.nextBoolean(), random.nextInt(8, 16), random.nextInt(8, 16), 0, 6));
    }
}
