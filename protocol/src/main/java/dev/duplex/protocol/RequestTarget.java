package dev.duplex.protocol;

import java.util.Optional;

/**
 * The target of an HTTP request in its one canonical form (RFC 9112 §3.2).
 *
 * @param path begins with a slash, percent-decoded, without empty, {@code .} or {@code ..} segments
 * @param query as it stands in the request, without the question mark; empty if there is none
 */
public record RequestTarget(String path, String query) {
    /** The canonical form; empty if there is not exactly one, and the answer is 400. */
    public static Optional<RequestTarget> parse(String target) {
        throw new UnsupportedOperationException();
    }
}
