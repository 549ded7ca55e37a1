package dev.duplex.protocol;

import java.util.Objects;

/**
 * The HTTP request that asks to open a WebSocket (RFC 6455 §4.1).
 *
 * @param method {@code GET} over HTTP/1.1
 * @param target path and query as they stand in the request line
 * @param version {@code HTTP/1.1}
 * @param headers all fields
 */
public record OpeningRequest(String method, String target, String version, Headers headers) {
    /** Requires everything. */
    public OpeningRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(headers, "headers");
    }
}
