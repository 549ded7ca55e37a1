package dev.duplex.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The client's side of one opening handshake (RFC 6455 §4.1). */
public final class ClientHandshake {
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

    /** A handshake with a nonce of 16 bytes. */
    public ClientHandshake(URI uri, List<String> subprotocols, Optional<DeflateOptions> deflate, Headers extra, byte[] nonce) {
        throw new UnsupportedOperationException();
    }

    /** A handshake with a random nonce. */
    public static ClientHandshake of(URI uri, List<String> subprotocols, Optional<DeflateOptions> deflate, Headers extra) {
        throw new UnsupportedOperationException();
    }

    /** The host to connect to, IPv6 without brackets. */
    public String host() {
        throw new UnsupportedOperationException();
    }

    /** The TCP port to connect to. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** Whether the URI is {@code wss}. */
    public boolean isSecure() {
        throw new UnsupportedOperationException();
    }

    /** The request to send. */
    public OpeningRequest request() {
        throw new UnsupportedOperationException();
    }

    /** Judges the server's answer. */
    public Answer answer(OpeningResponse response) {
        throw new UnsupportedOperationException();
    }
}
