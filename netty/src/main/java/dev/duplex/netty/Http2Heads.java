package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Set;

/** Heads of HTTP/2 from those of HTTP/1.1. */
final class Http2Heads {
    /** RFC 9113 §8.2.2: what speaks of a connection of HTTP/1.1 makes a message of HTTP/2 malformed. */
    private static final Set<String> OF_HTTP_1 = Set.of("connection", "upgrade", "keep-alive", "proxy-connection", "transfer-encoding", "host");

    private Http2Heads() {}

    /** Adds the fields that may stand there. */
    static void add(Http2Headers head, Headers fields) {
        fields.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (!OF_HTTP_1.contains(lowerCase)) {
                head.add(lowerCase, value);
            }
        });
    }

    /** The head of an answer. */
    static Http2Headers status(int status) {
        return new DefaultHttp2Headers(false).status(Integer.toString(status));
    }
}
