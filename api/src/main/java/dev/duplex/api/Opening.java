package dev.duplex.api;

import dev.duplex.protocol.Headers;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The request that opens a connection, as an endpoint sees it; immutable.
 *
 * @param path the canonical path, percent-decoded
 * @param query what followed {@code ?}, still encoded; empty if nothing did
 * @param variables the parts of the path that a route's {@code {names}} stand for
 * @param headers the request's fields at a server, the response's at a client
 * @param offeredSubprotocols what the client offered, in its order of preference
 * @param subprotocol what was chosen, if anything
 * @param remoteAddress the address of the peer, or of the client for whom a trusted proxy speaks
 * @param carrier what carries the connection
 * @param isSecure whether it runs over TLS, be it to a trusted proxy
 * @param peerCertificate what a client has shown to a server that asks for certificates, and trusts it
 */
public record Opening(
        String path,
        String query,
        Map<String, String> variables,
        Headers headers,
        List<String> offeredSubprotocols,
        Optional<String> subprotocol,
        SocketAddress remoteAddress,
        Carrier carrier,
        boolean isSecure,
        Optional<X509Certificate> peerCertificate) {

    /** An opening whose peer has shown no certificate. */
    public Opening(String path, String query, Map<String, String> variables, Headers headers, List<String> offeredSubprotocols,
            Optional<String> subprotocol, SocketAddress remoteAddress, Carrier carrier, boolean isSecure) {
        this(path, query, variables, headers, offeredSubprotocols, subprotocol, remoteAddress, carrier, isSecure, Optional.empty());
    }

    /** Copies the collections. */
    public Opening {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        variables = Map.copyOf(variables);
        offeredSubprotocols = List.copyOf(offeredSubprotocols);
    }

    /**
     * The part of the path that {@code {name}} stands for in the route.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable {" + name + "}; it has " + variables.keySet());
        }
        return value;
    }

    /** The first value of a query parameter, decoded. */
    public Optional<String> queryParameter(String name) {
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!pair.isEmpty() && decoded(key).equals(name)) {
                return Optional.of(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    /** The page's origin, which browsers always send. */
    public Optional<String> origin() {
        return headers.first("Origin");
    }

    /** A malformed escape stays as it came: a query is the application's to judge. */
    private static String decoded(String s) {
        try {
            return URLDecoder.decode(s, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return s;
        }
    }
}
