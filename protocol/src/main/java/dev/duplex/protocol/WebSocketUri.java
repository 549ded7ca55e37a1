package dev.duplex.protocol;

import java.net.URI;
import java.util.Locale;

/**
 * What a {@code ws} or {@code wss} URI says to a client (RFC 6455 §3).
 *
 * @param scheme {@code ws} or {@code wss}
 * @param authority the host as {@code Host} has it, and the port if it is told
 * @param zone the zone of an IPv6 address, with its percent sign, which means something on this machine only; or empty
 * @param target the resource name: path, or a slash, and the query
 */
record WebSocketUri(String scheme, Authority authority, String zone, String target) {

    /** Throws IllegalArgumentException for what is no WebSocket URI. */
    static WebSocketUri of(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String scheme = String.valueOf(ascii.getScheme()).toLowerCase(Locale.ROOT);
        require(scheme.equals("ws") || scheme.equals("wss"), "must begin with ws:// or wss://", uri);
        require(ascii.getRawFragment() == null, "must have no fragment (#)", uri);
        String authority = ascii.getRawAuthority();
        require(authority != null, "must have a host", uri);
        require(authority.indexOf('@') < 0, "must have no user information (@); send an Authorization header", uri);
        String zone = zone(authority);
        Authority parsed = Authority.parse(authority.replace(zone, "")).orElse(null);
        require(parsed != null && parsed.port() != 0, "must have a host, by name in ASCII or by address, and a port below 65536", uri);

        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String target = ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
        return new WebSocketUri(scheme, parsed, zone.replaceFirst("^%25", "%"), target);
    }

    String connectHost() {
        String host = authority.host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) + zone : host;
    }

    int port() {
        return authority.under(scheme).port();
    }

    private static String zone(String authority) {
        int percent = authority.indexOf('%');
        int end = authority.indexOf(']');
        return percent < 0 || end < percent ? "" : authority.substring(percent, end);
    }

    private static void require(boolean condition, String what, URI uri) {
        if (!condition) {
            throw new IllegalArgumentException("a WebSocket URI " + what + ": " + HeaderSyntax.printable(uri.toString()));
        }
    }
}
