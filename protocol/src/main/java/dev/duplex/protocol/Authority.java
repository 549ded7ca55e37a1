package dev.duplex.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * A host and a port, as in {@code Host}, in {@code Origin} and in a URI (RFC 3986 §3.2).
 *
 * @param host lower case; IPv6 in brackets
 * @param port 0 to 65535, or -1 if it is not told
 */
record Authority(String host, int port) {

    /** Parses {@code host[:port]}; empty if malformed, or with user information. */
    static Optional<Authority> parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        String host = text.substring(0, hostEnd).toLowerCase(Locale.ROOT);
        String rest = text.substring(hostEnd);
        if (!isHost(host) || !rest.isEmpty() && !isPort(rest)) {
            return Optional.empty();
        }
        return Optional.of(new Authority(host, rest.length() < 2 ? -1 : Integer.parseInt(rest.substring(1))));
    }

    /** The default port of a scheme; -1 if it has none that we know. */
    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> -1;
        };
    }

    /** The same with the scheme's default port if none is told. */
    Authority under(String scheme) {
        return port >= 0 ? this : new Authority(host, defaultPort(scheme));
    }

    /** As it stands in {@code Host}: the scheme's default port is left out (RFC 6455 §4.1). */
    String hostField(String scheme) {
        return port < 0 || port == defaultPort(scheme) ? host : host + ":" + port;
    }

    private static boolean isHost(String host) {
        return host.startsWith("[") ? isIpv6Literal(host) : isName(host);
    }

    /** Letters, digits and "-._~": what names are made of, and nothing of the rest that RFC 3986 would let pass. */
    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && "-._~".indexOf(c) < 0) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static boolean isIpv6Literal(String host) {
        // A zone means something on one machine only, and does not travel.
        if (host.indexOf('%') >= 0) {
            return false;
        }
        try {
            return host.equals(new URI("//" + host).getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** An empty port is legal and means the default. */
    private static boolean isPort(String colonAndDigits) {
        for (int i = 1; i < colonAndDigits.length(); i++) {
            if (colonAndDigits.charAt(i) < '0' || colonAndDigits.charAt(i) > '9') {
                return false;
            }
        }
        boolean isShort = colonAndDigits.charAt(0) == ':' && colonAndDigits.length() <= 6;
        return isShort && (colonAndDigits.length() == 1 || Integer.parseInt(colonAndDigits.substring(1)) <= 65_535);
    }
}
