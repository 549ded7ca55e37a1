package dev.duplex.netty;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import java.net.URI;
import java.util.Set;
import java.util.TreeSet;

/** Where a redirect leads, and what may go with it. */
final class Redirect {
    private static final Set<String> CREDENTIALS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        CREDENTIALS.addAll(Set.of("Authorization", "Cookie", "Proxy-Authorization"));
    }

    private Redirect() {}

    /**
     * The URI to go on with.
     *
     * @throws IllegalArgumentException if the location is malformed, or leads from TLS to plain text
     */
    static URI resolve(URI from, String location) {
        URI to = from.resolve(URI.create(location));
        String scheme = switch (String.valueOf(to.getScheme()).toLowerCase()) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> throw new IllegalArgumentException("it leads to a scheme that is no WebSocket's");
        };
        if (scheme.equals("ws") && from.getScheme().equalsIgnoreCase("wss")) {
            throw new IllegalArgumentException("it leads from wss to ws");
        }
        return URI.create(scheme + to.toString().substring(to.getScheme().length()));
    }

    static boolean isSameOrigin(ClientHandshake a, ClientHandshake b) {
        return a.isSecure() == b.isSecure() && a.host().equals(b.host()) && a.port() == b.port();
    }

    static Headers withoutCredentials(Headers headers) {
        Headers[] kept = {Headers.empty()};
        headers.forEach((name, value) -> {
            if (!CREDENTIALS.contains(name)) {
                kept[0] = kept[0].with(name, value);
            }
        });
        return kept[0];
    }
}
