package dev.duplex.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which web pages may open a WebSocket, by the {@code Origin} that their browser tells (RFC 6455 §10.2).
 *
 * <p>Origins are compared in their parts: scheme, host and port, with default ports and without case. What sends no
 * {@code Origin} is no browser and may pass: cookies of a user, which a foreign page could abuse, are not in its hands.
 * Immutable.
 */
public final class OriginPolicy {
    private static final OriginPolicy SAME_ORIGIN = new OriginPolicy(false, Set.of());
    private static final OriginPolicy ANY = new OriginPolicy(true, Set.of());

    private final boolean permitsAll;
    private final Set<Origin> allowed;

    private OriginPolicy(boolean permitsAll, Set<Origin> allowed) {
        this.permitsAll = permitsAll;
        this.allowed = allowed;
    }

    /** Pages that came from this server, and what is no browser. */
    public static OriginPolicy sameOrigin() {
        return SAME_ORIGIN;
    }

    /**
     * As {@link #sameOrigin}, and pages of exactly these origins.
     *
     * @param origins each {@code scheme://host[:port]}
     * @throws IllegalArgumentException if one is anything else
     */
    public static OriginPolicy allowing(String... origins) {
        Set<Origin> allowed = new HashSet<>();
        for (String origin : origins) {
            allowed.add(Origin.parse(origin).orElseThrow(() -> new IllegalArgumentException(
                    "an origin is scheme://host[:port], not '" + HeaderSyntax.printable(origin) + "'")));
        }
        return new OriginPolicy(false, allowed);
    }

    /** Every page of every site, whatever it tells: for services that know nobody by cookie or address. */
    public static OriginPolicy any() {
        return ANY;
    }

    /**
     * Whether a request may open a WebSocket; if not, the answer is 403.
     *
     * @param isSecure whether the client reached this server by TLS
     */
    public boolean permits(Headers requestHeaders, boolean isSecure) {
        List<String> told = requestHeaders.all("Origin");
        if (permitsAll || told.isEmpty()) {
            return true;
        }
        // "null" has no host, and two origins are none.
        Optional<Origin> origin = told.size() == 1 ? Origin.parse(told.get(0).trim()) : Optional.empty();
        return origin.isPresent()
                && (allowed.contains(origin.get()) || origin.equals(Origin.ofServer(requestHeaders, isSecure)));
    }

    /** Scheme, host and port, the port told even if it is the default (RFC 6454 §4). */
    private record Origin(String scheme, Authority authority) {
        private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

        static Optional<Origin> parse(String text) {
            int colon = text.indexOf("://");
            String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
            if (!SCHEME.matcher(scheme).matches()) {
                return Optional.empty();
            }
            return Authority.parse(text.substring(colon + 3)).map(authority -> new Origin(scheme, authority.under(scheme)));
        }

        static Optional<Origin> ofServer(Headers headers, boolean isSecure) {
            String host = HandshakeFields.single(headers, "Host");
            return host == null ? Optional.empty() : parse((isSecure ? "https://" : "http://") + host);
        }
    }
}
