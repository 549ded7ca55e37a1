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
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
        // RFC 6455 §4.2.1
        assertThat(request.method()).isEqualTo("GET");
        assertThat(words(headers, "Upgrade")).contains("websocket");
        assertThat(words(headers, "Connection")).contains("upgrade");
        assertThat(headers.all("Sec-WebSocket-Version")).containsExactly("13");
        assertThat(headers.all("Host")).hasSize(1);
        assertThat(headers.all("Sec-WebSocket-Key")).hasSize(1).allMatch(key -> Base64.getDecoder().decode(key).length == 16);
        assertThat(acceptance.response().headers().all("Sec-WebSocket-Accept")).containsExactly(acceptOf(headers.first("Sec-WebSocket-Key").orElseThrow()));
    }

    /** As the JDK computes it. */
    private static String acceptOf(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
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
            List<Extension> offers = Extension.parse(List.of(offer)).orElseThrow();
            assertThat(offers).as("what %s answers", line).anyMatch(offered -> permits(offered, parsed.getFirst()));
            assertThat(Extension.parse(List.of(parsed.getFirst().toString()))).as("written again").contains(parsed);
        });
    }

    /** RFC 7692 §7.1: what was asked is granted, and the client's window is told only to a client that told of its own. */
    private static boolean permits(Extension offered, Extension answer) {
        Map<String, String> asked = byName(offered);
        Map<String, String> granted = byName(answer);
        return offered.name().equals(answer.name())
                && asked.size() == offered.parameters().size() && granted.size() == answer.parameters().size()
                && (!asked.containsKey("server_no_context_takeover") || granted.containsKey("server_no_context_takeover"))
                && (!asked.containsKey("server_max_window_bits") || bits(granted, "server_max_window_bits", 16) <= bits(asked, "server_max_window_bits", 0))
                && (!granted.containsKey("client_max_window_bits") || asked.containsKey("client_max_window_bits")
                        && bits(granted, "client_max_window_bits", 16) <= bits(asked, "client_max_window_bits", 15));
    }

    private static Map<String, String> byName(Extension extension) {
        Map<String, String> parameters = new HashMap<>();
        extension.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter.value()));
        return parameters;
    }

    private static int bits(Map<String, String> parameters, String name, int without) {
        String value = parameters.get(name);
        return value == null ? without : Integer.parseInt(value);
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
            // RFC 6455 §4.1, which the JDK's own splitting of lists may judge.
            assertThat(headers.all("Sec-WebSocket-Accept")).isEqualTo(right.response().headers().all("Sec-WebSocket-Accept"));
            assertThat(words(headers, "Upgrade")).contains("websocket");
            assertThat(words(headers, "Connection")).contains("upgrade");
            assertThat(accepted.deflate().isPresent()).isEqualTo(words(headers, "Sec-WebSocket-Extensions").stream().anyMatch(word -> word.startsWith("permessage-deflate")));
        }
    }

    private static List<String> words(Headers headers, String name) {
        return headers.all(name).stream().flatMap(line -> Stream.of(line.split(","))).map(word -> word.strip().toLowerCase(Locale.ROOT)).toList();
    }

    @FuzzTest(maxDuration = "60s")
    void anyTargetIsOnePathOrNone(FuzzedDataProvider data) {
        String target = data.consumeRemainingAsString();
        RequestTarget.parse(target).ifPresent(parsed -> {
            assertThat(parsed.path()).startsWith("/").doesNotContain("\0", "\\");
            assertThat(List.of(parsed.path().split("/"))).doesNotContain("..", ".");
            assertThat(RequestTarget.parse(encoded(parsed.path()) + "?" + parsed.query())).as("written again").contains(parsed);
            if (target.startsWith("/")) {
                String path = target.replaceFirst("\\?.*", "");
                assertThat(encoded(parsed.path())).as("as the JDK decodes it").isEqualTo(encoded(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)));
                assertThat(slashes(parsed.path())).as("none that was hidden").isEqualTo(slashes(path));
            }
        });
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
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
