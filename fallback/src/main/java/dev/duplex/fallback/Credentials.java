package dev.duplex.fallback;

import dev.duplex.protocol.Headers;
import java.security.MessageDigest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What authorised an opening: only who shows the same may go on with its session.
 *
 * <p>A cookie may join those of the opening, as a proxy that balances load gives one, but none may change or go. A request
 * without an Origin may come from the same page, since browsers send none with a GET to their own server.
 */
record Credentials(Optional<String> origin, List<String> authorization, Set<String> cookies) {

    static Credentials of(Headers headers) {
        Set<String> cookies = new HashSet<>();
        for (String line : headers.all("Cookie")) {
            for (String pair : line.split(";")) {
                cookies.add(pair.strip());
            }
        }
        return new Credentials(headers.first("Origin"), headers.all("Authorization"), Set.copyOf(cookies));
    }

    /** Whether a later request shows what this opening showed. */
    boolean areShownBy(Headers headers) {
        Credentials shown = of(headers);
        return (shown.origin.isEmpty() || shown.origin.equals(origin))
                && isSame(String.join("\n", authorization), String.join("\n", shown.authorization))
                && shown.cookies.containsAll(cookies);
    }

    /** Takes as long for any two secrets of the same length. */
    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
