package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The answer to a plain HTTP request.
 *
 * @param status 200 to 599: never 101, which would forge a tunnel
 * @param headers more fields; those that rule the connection and its framing are the server's own
 * @param body what follows the fields, owned by the answer; no media type is guessed, so say {@code Content-Type}
 */
public record HttpAnswer(int status, Headers headers, byte[] body) {
    private static final List<String> OWN =
            List.of("Connection", "Content-Length", "Date", "Keep-Alive", "Trailer", "Transfer-Encoding", "Upgrade");

    /**
     * Checks the status and the names.
     *
     * @throws IllegalArgumentException if the status is out of range, or a field is the server's own
     */
    public HttpAnswer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("an answer has a status of 200 to 599, not " + status);
        }
        Objects.requireNonNull(body, "body");
        for (String name : OWN) {
            if (headers.contains(name)) {
                throw new IllegalArgumentException("the server sets " + name + " itself");
            }
        }
    }

    /** A plain text in UTF-8. */
    public static HttpAnswer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON in UTF-8. */
    public static HttpAnswer json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** A body of any media type. */
    public static HttpAnswer of(int status, String mediaType, byte[] body) {
        return new HttpAnswer(status, Headers.of("Content-Type", mediaType), body);
    }

    /** The same answer with one more field. */
    public HttpAnswer with(String name, String value) {
        return new HttpAnswer(status, headers.with(name, value), body);
    }
}
