package dev.duplex.protocol;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The server's side of one opening handshake: it judges the request and makes the answer (RFC 6455 §4.2, RFC 8441 §5).
 *
 * <p>Immutable and pure. Whether the page may connect is {@link OriginPolicy}'s to say; where the path leads, the carrier's.
 * After any answer that opens nothing the carrier ends the transport, over HTTP/2 the stream.
 */
public final class ServerHandshake {
    /**
     * The handshake as the server ends it.
     *
     * @param response the answer, with status 101 over HTTP/1.1 and 200 over HTTP/2
     * @param subprotocol the one agreed on
     * @param deflate the compression agreed on
     */
    public record Acceptance(OpeningResponse response, Optional<String> subprotocol, Optional<DeflateParameters> deflate) {}

    private final OpeningRequest request;
    private final Headers headers;
    private final Optional<OpeningResponse> refusal;

    private ServerHandshake(OpeningRequest request) {
        this.request = request;
        headers = request.headers();
        refusal = OpeningRules.refusal(request);
    }

    /** Whether a request asks for a WebSocket at all, rightly or wrongly; if not, it may be meant for a plain HTTP route. */
    public static boolean isUpgrade(OpeningRequest request) {
        Headers headers = request.headers();
        if (request.isHttp2()) {
            return request.method().equals("CONNECT");
        }
        return FieldReader.hasToken(headers.all("Upgrade"), "websocket")
                || headers.contains(HandshakeFields.KEY)
                || headers.contains(HandshakeFields.VERSION);
    }

    /** The handshake that a request begins; it may be one that every rule forbids. */
    public static ServerHandshake of(OpeningRequest request) {
        return new ServerHandshake(request);
    }

    /**
     * The answer to a request that breaks a rule; empty if {@link #accept} may be called.
     *
     * <p>405 for a method other than GET, over HTTP/2 CONNECT; 426 for what is no WebSocket of version 13 over HTTP/1.1; 501 for
     * another {@code :protocol}; 400 for the rest.
     */
    public Optional<OpeningResponse> refusal() {
        return refusal;
    }

    /** The subprotocols that the client offers, by its preference; empty if there are none or they are malformed. */
    public List<String> subprotocols() {
        return FieldReader.tokens(headers.all(HandshakeFields.PROTOCOL)).map(List::copyOf).orElse(List.of());
    }

    /**
     * Opens the WebSocket, with the first of the client's subprotocols that is spoken here, or none.
     *
     * @param spokenSubprotocols those that this endpoint speaks
     * @param deflate what to agree on if the client offers compression; empty for no compression
     * @param extra more fields of the answer, such as {@code Set-Cookie}
     * @throws IllegalStateException if there is a {@link #refusal}
     * @throws IllegalArgumentException if a spoken subprotocol is not a token, or an extra field belongs to the handshake
     */
    public Acceptance accept(List<String> spokenSubprotocols, Optional<DeflateOptions> deflate, Headers extra) {
        if (refusal.isPresent()) {
            throw new IllegalStateException("this handshake must be refused: " + refusal.get().body());
        }
        spokenSubprotocols.forEach(HandshakeFields::requireSubprotocol);
        HandshakeFields.requireNoReserved(extra);
        // RFC 8441 §5: over HTTP/2 the status says it all.
        Headers answer = request.isHttp2() ? Headers.empty() : Headers.of("Upgrade", "websocket", "Connection", "Upgrade",
                HandshakeFields.ACCEPT, HandshakeFields.acceptFor(HandshakeFields.single(headers, HandshakeFields.KEY)));

        // RFC 6455 §4.2.2 (5.5): one of those offered, or no field at all.
        Optional<String> subprotocol = subprotocols().stream().filter(spokenSubprotocols::contains).findFirst();
        if (subprotocol.isPresent()) {
            answer = answer.with(HandshakeFields.PROTOCOL, subprotocol.get());
        }
        // RFC 6455 §9.1: only what was offered may be answered; what is unknown is passed over in silence.
        Optional<DeflateTerms.Agreement> agreement = deflate.flatMap(options -> DeflateTerms.agree(offers(), options));
        if (agreement.isPresent()) {
            answer = answer.with(HandshakeFields.EXTENSIONS, agreement.get().extension().toString());
        }
        OpeningResponse response = new OpeningResponse(request.isHttp2() ? 200 : 101, answer.with(extra), "");
        return new Acceptance(response, subprotocol, agreement.map(DeflateTerms.Agreement::parameters));
    }

    /**
     * An answer that opens nothing, after which the transport ends.
     *
     * <p>It says {@code Connection: close}, which a carrier over HTTP/2 leaves out; with 426 it also names the protocol and the
     * version to upgrade to; a body is plain text unless {@code extra} says otherwise.
     *
     * @param status 300 to 599
     * @param extra more fields, such as {@code Location} or {@code Retry-After}
     * @param body a sentence for people; may be empty
     * @throws IllegalArgumentException if the status is out of range, or an extra field belongs to the handshake
     */
    public static OpeningResponse refuse(int status, Headers extra, String body) {
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("a refusal has a status of 300 to 599, not " + status);
        }
        HandshakeFields.requireNoReserved(extra);
        Objects.requireNonNull(body, "body");
        // RFC 9110 §15.5.22: say what to upgrade to.
        return status == 426
                ? refuse(status, Headers.of("Connection", "close, Upgrade", "Upgrade", "websocket", HandshakeFields.VERSION, "13"), extra, body)
                : refuse(status, Headers.of("Connection", "close"), extra, body);
    }

    /** RFC 6455 §4.4: names the version that is spoken. */
    static OpeningResponse refuseVersion(int status, String body) {
        return status == 426 ? refuse(status, Headers.empty(), body)
                : refuse(status, Headers.of("Connection", "close", HandshakeFields.VERSION, "13"), Headers.empty(), body);
    }

    private static OpeningResponse refuse(int status, Headers own, Headers extra, String body) {
        Headers answer = body.isEmpty() || extra.contains("Content-Type") ? own
                : own.with("Content-Type", "text/plain; charset=utf-8");
        return new OpeningResponse(status, answer.with(extra), body);
    }

    private List<Extension> offers() {
        return Extension.parse(headers.all(HandshakeFields.EXTENSIONS)).orElse(List.of());
    }
}
