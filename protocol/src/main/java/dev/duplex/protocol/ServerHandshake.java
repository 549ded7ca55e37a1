package dev.duplex.protocol;

import java.util.List;
import java.util.Optional;

/** The server's side of one opening handshake (RFC 6455 §4.2). */
public final class ServerHandshake {
    /**
     * The handshake as the server ends it.
     *
     * @param response the answer with status 101
     * @param subprotocol the one agreed on
     * @param deflate the compression agreed on
     */
    public record Acceptance(OpeningResponse response, Optional<String> subprotocol, Optional<DeflateParameters> deflate) {}

    private ServerHandshake() {}

    /** Whether a request asks for a WebSocket at all, rightly or wrongly. */
    public static boolean isUpgrade(OpeningRequest request) {
        throw new UnsupportedOperationException();
    }

    /** The handshake that a request begins. */
    public static ServerHandshake of(OpeningRequest request) {
        throw new UnsupportedOperationException();
    }

    /** The answer to a request that breaks a rule; empty if {@link #accept} may be called. */
    public Optional<OpeningResponse> refusal() {
        throw new UnsupportedOperationException();
    }

    /** What the client offers, by preference. */
    public List<String> subprotocols() {
        throw new UnsupportedOperationException();
    }

    /** Opens the WebSocket. */
    public Acceptance accept(List<String> spokenSubprotocols, Optional<DeflateOptions> deflate, Headers extra) {
        throw new UnsupportedOperationException();
    }

    /** An answer that opens nothing. */
    public static OpeningResponse refuse(int status, Headers extra, String body) {
        throw new UnsupportedOperationException();
    }
}
