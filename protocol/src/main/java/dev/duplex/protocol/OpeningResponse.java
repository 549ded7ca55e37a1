package dev.duplex.protocol;

import java.util.Objects;

/**
 * The HTTP answer to an opening request (RFC 6455 §4.2.2, RFC 8441 §5).
 *
 * @param status 101 over HTTP/1.1 and 200 over HTTP/2 if the WebSocket is open, else what is wrong
 * @param headers all fields but those that a carrier adds (length, date)
 * @param body a sentence for people; empty if the WebSocket is open
 */
public record OpeningResponse(int status, Headers headers, String body) {
    /** Requires everything. */
    public OpeningResponse {
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(body, "body");
    }

    /** Whether the WebSocket is open over HTTP/1.1. */
    public boolean isAccepted() {
        return status == 101;
    }
}
