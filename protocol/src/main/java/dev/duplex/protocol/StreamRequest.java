package dev.duplex.protocol;

import java.util.List;
import java.util.Optional;

/**
 * A request's head as a stream of HTTP/2 carries it (RFC 9113 §8.3.1, RFC 8441 §4).
 *
 * @param method {@code :method}, like the next four null if it is not there
 * @param scheme {@code :scheme}
 * @param authority {@code :authority}
 * @param path {@code :path}
 * @param protocol {@code :protocol}
 * @param fields all other fields
 */
public record StreamRequest(String method, String scheme, String authority, String path, String protocol, Headers fields) {

    /**
     * The request it makes, with {@code Host} instead of {@code :authority} and its crumbs of {@code Cookie} as one.
     *
     * @return empty if it is malformed, and a stream error PROTOCOL_ERROR is the answer
     */
    public Optional<OpeningRequest> request() {
        if (method == null || !hasOneAuthority()) {
            return Optional.empty();
        }
        if (protocol == null) {
            boolean isWhole = method.equals("CONNECT") ? isTunnel() : hasTarget();
            return isWhole ? Optional.of(request(path == null ? "" : path, "")) : Optional.empty();
        }
        // RFC 8441 §4: only CONNECT has :protocol, and with it the scheme and the path that a plain CONNECT must not have.
        return method.equals("CONNECT") && hasTarget() ? Optional.of(request(path, protocol)) : Optional.empty();
    }

    private OpeningRequest request(String target, String named) {
        return new OpeningRequest(method, target, OpeningRequest.HTTP_2, told(), named);
    }

    /** RFC 9113 §8.5: a plain CONNECT names host and port alone. */
    private boolean isTunnel() {
        return scheme == null && path == null && authority != null;
    }

    /** RFC 9113 §8.3.1: one scheme, and a path that is not empty. */
    private boolean hasTarget() {
        return ("https".equals(scheme) || "http".equals(scheme)) && path != null && !path.isEmpty();
    }

    /** RFC 9113 §8.3.1: who reads Host and who reads :authority must not see two different sites. */
    private boolean hasOneAuthority() {
        List<String> hosts = fields.all("Host");
        return hosts.isEmpty() || hosts.size() == 1 && (authority == null || authority.equalsIgnoreCase(hosts.get(0)));
    }

    private Headers told() {
        Headers told = authority == null || fields.contains("Host") ? Headers.empty() : Headers.of("Host", authority);
        List<String> cookies = fields.all("Cookie");
        if (cookies.size() < 2) {
            return told.with(fields);
        }
        Headers[] joined = {told};
        fields.forEach((name, value) -> joined[0] = name.equalsIgnoreCase("Cookie") ? joined[0] : joined[0].with(name, value));
        // RFC 9113 §8.2.3: HPACK packs them better apart.
        return joined[0].with("Cookie", String.join("; ", cookies));
    }
}
