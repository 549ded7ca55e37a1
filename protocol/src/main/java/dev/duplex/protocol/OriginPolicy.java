package dev.duplex.protocol;

/** Which web pages may open a WebSocket, by the {@code Origin} that their browser tells (RFC 6455 §10.2). */
public final class OriginPolicy {
    private OriginPolicy() {}

    /** Pages that came from this server, and what is no browser. */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy();
    }

    /** As {@link #sameOrigin}, and pages of these origins, each {@code scheme://host[:port]}. */
    public static OriginPolicy allowing(String... origins) {
        return new OriginPolicy();
    }

    /** Everyone. */
    public static OriginPolicy any() {
        return new OriginPolicy();
    }

    /**
     * Whether a request may open a WebSocket; if not, the answer is 403.
     *
     * @param isSecure whether the client reached this server by TLS
     */
    public boolean permits(Headers requestHeaders, boolean isSecure) {
        throw new UnsupportedOperationException();
    }
}
