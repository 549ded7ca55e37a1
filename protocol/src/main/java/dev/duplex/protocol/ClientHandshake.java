package dev.duplex.protocol;

import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The client's side of one opening handshake: it makes the request and judges the answer (RFC 6455 §4.1, RFC 8441 §5).
 *
 * <p>Immutable and pure. One for each attempt: the nonce must not be used twice.
 */
public final class ClientHandshake {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    /** What the server's answer means. */
    public sealed interface Answer {}

    /**
     * The WebSocket is open.
     *
     * @param subprotocol the one agreed on
     * @param deflate the compression agreed on
     */
    public record Accepted(Optional<String> subprotocol, Optional<DeflateParameters> deflate) implements Answer {}

    /**
     * The WebSocket is not open, and the transport is to be ended.
     *
     * @param status the HTTP status of the answer; 101 if it broke another rule
     * @param why a sentence for people, without control characters
     */
    public record Refused(int status, String why) implements Answer {}

    private final WebSocketUri uri;
    private final String host;
    private final List<String> subprotocols;
    private final Optional<DeflateOptions> deflate;
    private final Headers extra;
    private final String key;
    private final OpeningRequest request;

    /**
     * A handshake with a given nonce.
     *
     * @param uri {@code ws} or {@code wss}, with a host, without user information and fragment (RFC 6455 §3)
     * @param subprotocols those offered, by preference
     * @param deflate compression to offer; empty for none
     * @param extra more fields of the request, such as {@code Origin}, {@code Cookie} or {@code Authorization}
     * @param nonce 16 bytes that nobody can foresee
     * @throws IllegalArgumentException if the URI is none of those, a subprotocol is not a token or doubled, an extra field
     *     belongs to the handshake, or the nonce has another length
     */
    public ClientHandshake(URI uri, List<String> subprotocols, Optional<DeflateOptions> deflate, Headers extra, byte[] nonce) {
        this.uri = WebSocketUri.of(uri);
        this.host = this.uri.authority().hostField(this.uri.scheme());
        this.subprotocols = List.copyOf(subprotocols);
        this.deflate = deflate;
        this.subprotocols.forEach(HandshakeFields::requireSubprotocol);
        if (new HashSet<>(this.subprotocols).size() != this.subprotocols.size()) {
            throw new IllegalArgumentException("a subprotocol is offered twice (RFC 6455 §4.1): " + this.subprotocols);
        }
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("a nonce has 16 bytes, not " + nonce.length + " (RFC 6455 §4.1)");
        }
        HandshakeFields.requireNoReserved(extra);
        this.key = Base64.getEncoder().encodeToString(nonce);
        this.extra = extra;
        Headers upgrade = Headers.of("Host", host, "Upgrade", "websocket", "Connection", "Upgrade", HandshakeFields.KEY, key);
        this.request = new OpeningRequest("GET", this.uri.target(), "HTTP/1.1", upgrade.with(offer()).with(extra));
    }

    /** The same over HTTP/2. */
    private ClientHandshake(ClientHandshake other) {
        uri = other.uri;
        host = other.host;
        subprotocols = other.subprotocols;
        deflate = other.deflate;
        extra = other.extra;
        key = "";
        Headers fields = Headers.of("Host", host).with(offer()).with(extra);
        request = new OpeningRequest("CONNECT", uri.target(), OpeningRequest.HTTP_2, fields, "websocket");
    }

    /** A handshake with a fresh nonce from {@link SecureRandom}; see the constructor for the rest. */
    public static ClientHandshake of(URI uri, List<String> subprotocols, Optional<DeflateOptions> deflate, Headers extra) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return new ClientHandshake(uri, subprotocols, deflate, extra, nonce);
    }

    /** The host to connect to: a name, or an address without brackets. */
    public String host() {
        return uri.connectHost();
    }

    /** The TCP port to connect to: 80 or 443 if the URI tells none. */
    public int port() {
        return uri.port();
    }

    /** Whether the URI is {@code wss}: TLS comes first. */
    public boolean isSecure() {
        return uri.scheme().equals("wss");
    }

    /** The request to send. */
    public OpeningRequest request() {
        return request;
    }

    /** The same handshake as a stream of HTTP/2 carries it: an extended CONNECT, without key and upgrade (RFC 8441 §5). */
    public ClientHandshake overHttp2() {
        return new ClientHandshake(this);
    }

    private Headers offer() {
        Headers fields = Headers.of(HandshakeFields.VERSION, "13");
        if (!subprotocols.isEmpty()) {
            fields = fields.with(HandshakeFields.PROTOCOL, String.join(", ", subprotocols));
        }
        return deflate.isEmpty() ? fields
                : fields.with(HandshakeFields.EXTENSIONS, DeflateTerms.offer(deflate.get()).toString());
    }

    /** Judges the server's answer by every rule that a client must check; never throws for what it holds. */
    public Answer answer(OpeningResponse response) {
        AnswerRules rules = new AnswerRules(key, subprotocols, deflate);
        Optional<String> fault = rules.fault(response);
        if (fault.isPresent()) {
            return new Refused(response.status(), fault.get());
        }
        Headers headers = response.headers();
        return new Accepted(headers.first(HandshakeFields.PROTOCOL).map(String::trim), rules.agreed(headers));
    }
}
