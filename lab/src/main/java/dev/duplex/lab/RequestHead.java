package dev.duplex.lab;

import dev.duplex.protocol.Headers;
import java.util.concurrent.atomic.AtomicInteger;

/** How long the head of a request was on the wire: a page cannot see what its browser sends. */
public final class RequestHead {
    /** {@code GET}, two spaces, {@code HTTP/1.1}, and the two line ends around the fields. */
    private static final int LINES_BYTES = 3 + 2 + 8 + 4;

    private RequestHead() {}

    /** The bytes of a GET, for its path and query if they are given. */
    public static int bytes(String path, String query, Headers headers) {
        AtomicInteger bytes = new AtomicInteger(LINES_BYTES + path.length() + (query.isEmpty() ? 0 : 1 + query.length()));
        headers.forEach((name, value) -> bytes.addAndGet(name.length() + value.length() + 4));
        return bytes.get();
    }
}
