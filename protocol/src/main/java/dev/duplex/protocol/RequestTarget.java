package dev.duplex.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The target of an HTTP request in its one canonical form, so that a rule and a route see the same path (RFC 9112 §3.2).
 *
 * <p>What a proxy in front could understand otherwise has no canonical form: dot segments and empty segments, encoded or not;
 * an encoded slash; a backslash; control characters; bytes that are not UTF-8. Case, a slash at the end and {@code ;} are part
 * of the path like any other character.
 *
 * @param path begins with a slash; percent-decoded; no segment is {@code .} or {@code ..}, and none but the last is empty
 * @param query as it stands in the request, without the question mark; empty if there is none
 */
public record RequestTarget(String path, String query) {
    /** Requires both. */
    public RequestTarget {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
    }

    /**
     * The canonical form of a path with its query, or of an absolute {@code http} or {@code https} URI.
     *
     * @return empty if the target is malformed or ambiguous, and 400 is the answer
     */
    public static Optional<RequestTarget> parse(String target) {
        String local = local(target);
        if (local == null || !HeaderSyntax.isVisibleAscii(local) || local.indexOf('#') >= 0) {
            return Optional.empty();
        }
        int mark = local.indexOf('?');
        String path = decoded(mark < 0 ? local : local.substring(0, mark));
        if (path == null || !isCanonical(path)) {
            return Optional.empty();
        }
        return Optional.of(new RequestTarget(path, mark < 0 ? "" : local.substring(mark + 1)));
    }

    /**
     * The host that a request is for, in lower case and without a port (RFC 9112 §3.2).
     *
     * @return empty if {@code Host} does not stand once, as {@code host[:port]}, or an absolute target says otherwise; 400 is the
     *     answer
     */
    public static Optional<String> host(OpeningRequest request) {
        return Optional.ofNullable(HandshakeFields.single(request.headers(), "Host"))
                .flatMap(Authority::parse)
                .filter(authority -> agreesWith(request.target(), authority))
                .map(Authority::host);
    }

    /** Whether an absolute target names the same host and port as {@code Host}; a path agrees with any. */
    private static boolean agreesWith(String target, Authority host) {
        String scheme = absoluteScheme(target);
        return scheme == null || Authority.parse(target.substring(scheme.length() + 3, authorityEnd(target, scheme)))
                .map(authority -> authority.under(scheme).equals(host.under(scheme)))
                .orElse(false);
    }

    /** The path and query of a target; null if it has no path. */
    private static String local(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        // RFC 6455 §4.1, RFC 9112 §3.2.2: it may be an absolute HTTP URI.
        String scheme = absoluteScheme(target);
        if (scheme == null) {
            return null;
        }
        String rest = target.substring(authorityEnd(target, scheme));
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** {@code http} or {@code https} if the target begins with it and {@code ://}; else null. */
    private static String absoluteScheme(String target) {
        int colon = target.indexOf("://");
        String scheme = colon == 4 || colon == 5 ? target.substring(0, colon).toLowerCase(Locale.ROOT) : "";
        return scheme.equals("http") || scheme.equals("https") ? scheme : null;
    }

    private static int authorityEnd(String target, String scheme) {
        int end = scheme.length() + 3;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** The path without percent-encoding; null if that is malformed, not UTF-8, or hides a slash. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            int b = path.charAt(i);
            if (b == '%') {
                b = escaped(path, i);
                i += 2;
                if (b < 0 || b == '/') {
                    return null;
                }
            }
            bytes.write(b);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The byte that {@code %XX} stands for; negative if malformed. */
    private static int escaped(String path, int at) {
        if (at + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isCanonical(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '\\' || Character.isISOControl(path.charAt(i))) {
                return false;
            }
        }
        int start = 1;
        for (int end = path.indexOf('/', start); end >= 0; end = path.indexOf('/', start)) {
            if (end == start || isDotSegment(path, start, end)) {
                return false;
            }
            start = end + 1;
        }
        return !isDotSegment(path, start, path.length());
    }

    private static boolean isDotSegment(String path, int start, int end) {
        return end - start == 1 && path.startsWith(".", start) || end - start == 2 && path.startsWith("..", start);
    }
}
