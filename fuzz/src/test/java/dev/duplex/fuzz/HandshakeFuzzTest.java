package dev.duplex.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Extension;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.ServerHandshake;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Any header values, offers and addresses: an answer always, one that the other side of the handshake accepts if it is 101. */
class HandshakeFuzzTest {
    private static final Optional<DeflateOptions> DEFLATE = Optional.of(DeflateOptions.defaults());

    @FuzzTest(maxDuration = "60s")
    void anyRequestIsAnswered(FuzzedDataProvider data) {
        Headers headers = Headers.empty();
        String[] names = {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions", "Origin", "Content-Length", "Transfer-Encoding", "X-Other"};
        String[] values = {"localhost:8080", "websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", "chat, superchat",
            "permessage-deflate; client_max_window_bits", "http://localhost:8080", "0", "chunked", ""};
        for (int i = 0; i < 12 && data.remainingBytes() > 0; i++) {
            String name = data.pickValue(names);
            String value = data.consumeBoolean() ? data.pickValue(values) : data.consumeString(40);
            headers = accepted(headers, name, value);
        }
        OpeningRequest request = new OpeningRequest(data.pickValue(new String[] {"GET", "POST"}), "/", "HTTP/1.1", headers);
        ServerHandshake handshake = ServerHandshake.of(request);
        OriginPolicy.sameOrigin().permits(headers, false);
        if (handshake.refusal().isPresent()) {
            assertThat(handshake.refusal().get().status()).isBetween(400, 499);
            return;
        }
        ServerHandshake.Acceptance acceptance = handshake.accept(List.of("chat"), DEFLATE, Headers.empty());
        assertThat(acceptance.response().status()).isEqualTo(101);
        acceptance.subprotocol().ifPresent(chosen -> assertThat(handshake.subprotocols()).contains(chosen));
    }

    @FuzzTest(maxDuration = "60s")
    void anyCompressionOfferIsHonouredOrDeclined(FuzzedDataProvider data) {
        String offer = data.consumeRemainingAsString();
        Headers headers = accepted(Headers.of("Host", "h", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), "Sec-WebSocket-Extensions", offer);
        ServerHandshake handshake = ServerHandshake.of(new OpeningRequest("GET", "/", "HTTP/1.1", headers));
        if (handshake.refusal().isPresent()) {
            return;
        }
        ServerHandshake.Acceptance acceptance = handshake.accept(List.of(), DEFLATE, Headers.empty());
        Optional<String> answer = acceptance.response().headers().first("Sec-WebSocket-Extensions");
        assertThat(answer.isPresent()).isEqualTo(acceptance.deflate().isPresent());
        answer.ifPresent(line -> {
            List<Extension> parsed = Extension.parse(List.of(line)).orElseThrow();
            assertThat(parsed).hasSize(1);
            assertThat(parsed.getFirst().name()).isEqualTo("permessage-deflate");
            DeflateParameters agreed = acceptance.deflate().orElseThrow();
            assertThat(agreed.serverMaxWindowBits()).isBetween(8, 15);
            assertThat(agreed.clientMaxWindowBits()).isBetween(8, 15);
        });
    }

    @FuzzTest(maxDuration = "60s")
    void anyAnswerIsAcceptedOrRefused(FuzzedDataProvider data) {
        ClientHandshake client = new ClientHandshake(URI.create("ws://localhost/x"), List.of("chat"), DEFLATE, Headers.empty(), new byte[16]);
        ServerHandshake.Acceptance right = ServerHandshake.of(client.request()).accept(List.of("chat"), DEFLATE, Headers.empty());
        assertThat(client.answer(right.response())).isInstanceOf(ClientHandshake.Accepted.class);
        Headers headers = data.consumeBoolean() ? right.response().headers() : Headers.empty();
        while (data.remainingBytes() > 0) {
            headers = accepted(headers, data.pickValue(new String[] {"Upgrade", "Connection", "Sec-WebSocket-Accept",
                "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"}), data.consumeString(60));
        }
        ClientHandshake.Answer answer = client.answer(new OpeningResponse(101, headers, ""));
        if (answer instanceof ClientHandshake.Accepted accepted) {
            accepted.subprotocol().ifPresent(chosen -> assertThat(chosen).isEqualTo("chat"));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyTargetIsOnePathOrNone(FuzzedDataProvider data) {
        String target = data.consumeRemainingAsString();
        RequestTarget.parse(target).ifPresent(parsed -> {
            assertThat(parsed.path()).startsWith("/").doesNotContain("\0", "\\");
            assertThat(List.of(parsed.path().split("/"))).doesNotContain("..", ".");
        });
    }

    @FuzzTest(maxDuration = "60s")
    void anyAddressIsAskedForOrRefusedBeforeConnecting(FuzzedDataProvider data) {
        String address = data.consumeRemainingAsString();
        ClientHandshake client;
        try {
            client = ClientHandshake.of(URI.create(address), List.of(), Optional.empty(), Headers.empty());
        } catch (IllegalArgumentException refused) {
            return;
        }
        OpeningRequest request = client.request();
        assertThat(request.target()).startsWith("/").doesNotContain("\r", "\n", " ", "#");
        // A path may be one that our server finds ambiguous, such as %2F; others have their own mind of it.
        assertThat(ServerHandshake.of(request).refusal().isEmpty()).isEqualTo(RequestTarget.parse(request.target()).isPresent());
    }

    /** Adds a field if an application could: what cannot even be a header is Netty's or {@link Headers}' to refuse. */
    private static Headers accepted(Headers headers, String name, String value) {
        try {
            return headers.with(name, value);
        } catch (IllegalArgumentException refused) {
            return headers;
        }
    }
}
