package dev.duplex.api;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.ServerHandshake;
import java.util.Objects;

/** An opening that is refused: an endpoint throws it instead of returning a listener. */
public final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Headers headers;

    /**
     * A refusal with any status but 101 and a body for people.
     *
     * @param status 300 to 599
     * @param headers more fields, such as {@code Location} or {@code WWW-Authenticate}
     * @param body plain text
     * @throws IllegalArgumentException if the status is out of range, or a field belongs to the handshake
     */
    public Rejection(int status, Headers headers, String body) {
        super(Objects.requireNonNull(body, "body"), null, false, false);
        ServerHandshake.refuse(status, headers, body); // throws here already, where the mistake was made
        this.status = status;
        this.headers = headers;
    }

    /** A refusal with a status and a body for people. */
    public Rejection(int status, String body) {
        this(status, Headers.empty(), body);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** More header fields of the answer. */
    public Headers headers() {
        return headers == null ? Headers.empty() : headers;
    }

    /** The body, plain text. */
    public String body() {
        return getMessage();
    }
}
