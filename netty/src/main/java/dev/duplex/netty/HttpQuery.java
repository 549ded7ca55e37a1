package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;

/**
 * A plain HTTP request as a route sees it; immutable.
 *
 * @param path the canonical path, percent-decoded
 * @param query what followed {@code ?}, still encoded; empty if nothing did
 * @param variables the parts of the path that the route's {@code {names}} stand for
 * @param headers the request's fields
 * @param remoteAddress the address of the peer, or of the client for whom a trusted proxy speaks
 */
public record HttpQuery(String path, String query, Map<String, String> variables, Headers headers, SocketAddress remoteAddress) {

    /** Copies the variables. */
    public HttpQuery {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(headers, "headers");
        variables = Map.copyOf(variables);
    }
}
