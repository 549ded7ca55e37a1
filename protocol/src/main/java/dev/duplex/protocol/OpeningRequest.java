package dev.duplex.protocol;

import java.util.Objects;

/**
 * The HTTP request that asks to open a WebSocket (RFC 6455 §4.1, RFC 8441 §5).
 *
 * <pre>
 *   HTTP/1.1   GET /chat HTTP/1.1, Upgrade: websocket, Connection: Upgrade, Sec-WebSocket-Key: …
 *   HTTP/2     :method CONNECT, :protocol websocket, :scheme, :path /chat, :authority
 * </pre>
 *
 * @param method {@code GET} over HTTP/1.1, {@code CONNECT} over HTTP/2
 * @param target path and query as they stand in the request line, or in {@code :path}
 * @param version {@code HTTP/1.1} or {@code HTTP/2}
 * @param headers all fields; over HTTP/2 {@code Host} says what {@code :authority} said
 * @param protocol what {@code :protocol} names over HTTP/2; empty if nothing
 */
public record OpeningRequest(String method, String target, String version, Headers headers, String protocol) {
    /** The version of a request that came as a stream. */
    static final String HTTP_2 = "HTTP/2";

    /** Requires everything. */
    public OpeningRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(protocol, "protocol");
    }

    /** A request without {@code :protocol}, as all of HTTP/1.1 are. */
    public OpeningRequest(String method, String target, String version, Headers headers) {
        this(method, target, version, headers, "");
    }

    /** Whether it came as a stream of HTTP/2. */
    public boolean isHttp2() {
        return version.equals(HTTP_2);
    }
}
