package dev.duplex.netty;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A WebSocket behind a Unix domain socket: {@code ws+unix:/path/to.sock:/request/path?query}, or {@code wss+unix:}.
 *
 * @param path of the socket; {@code @name} for Linux's abstract namespace
 * @param request what is asked for there, as a {@code ws} or {@code wss} URI of the host {@code localhost}
 */
public record UnixTarget(String path, URI request) {
    private static final String SCHEME_END = "+unix";

    /** Checks the path. */
    public UnixTarget {
        Objects.requireNonNull(request, "request");
        if (!path.startsWith("/") && !path.startsWith("@") || path.length() < 2 || path.indexOf(0) >= 0) {
            throw new IllegalArgumentException("the path of a Unix socket begins with / or @: '" + path + "'");
        }
    }

    /** Whether a URI is of this kind. */
    public static boolean isOne(URI uri) {
        return uri.getScheme() != null && uri.getScheme().endsWith(SCHEME_END);
    }

    /**
     * Reads one; without a second colon it asks for {@code /}.
     *
     * @throws IllegalArgumentException if it is not of this kind
     */
    public static UnixTarget parse(URI uri) {
        String scheme = isOne(uri) ? uri.getScheme().substring(0, uri.getScheme().length() - SCHEME_END.length()) : "";
        if (!scheme.equals("ws") && !scheme.equals("wss") || uri.getRawAuthority() != null) {
            throw new IllegalArgumentException("'" + uri + "' is not the address of a WebSocket behind a Unix socket, such as ws+unix:/run/app.sock:/echo");
        }
        String[] parts = uri.getRawSchemeSpecificPart().replaceFirst("^//(?=/|@|%40)", "").split(":", 2);
        String target = parts.length == 1 || parts[1].isEmpty() ? "/" : parts[1];
        String fragment = uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment(); // which a WebSocket's URI must not have
        return new UnixTarget(URLDecoder.decode(parts[0].replace("+", "%2B"), StandardCharsets.UTF_8),
                URI.create(scheme + "://localhost" + (target.startsWith("/") ? "" : "/") + target + fragment));
    }
}
