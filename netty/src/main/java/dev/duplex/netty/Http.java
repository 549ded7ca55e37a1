package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HTTP/1.1 as it is written (RFC 9112). */
final class Http {
    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(101, "Switching Protocols"), Map.entry(200, "OK"), Map.entry(201, "Created"), Map.entry(202, "Accepted"),
            Map.entry(204, "No Content"), Map.entry(301, "Moved Permanently"), Map.entry(302, "Found"), Map.entry(303, "See Other"),
            Map.entry(304, "Not Modified"), Map.entry(307, "Temporary Redirect"), Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"), Map.entry(403, "Forbidden"), Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"), Map.entry(408, "Request Timeout"), Map.entry(409, "Conflict"), Map.entry(410, "Gone"), Map.entry(411, "Length Required"),
            Map.entry(413, "Content Too Large"), Map.entry(414, "URI Too Long"), Map.entry(417, "Expectation Failed"), Map.entry(421, "Misdirected Request"),
            Map.entry(422, "Unprocessable Content"), Map.entry(426, "Upgrade Required"), Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"), Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"), Map.entry(502, "Bad Gateway"), Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    private Http() {}

    /** A request line and its fields. */
    static byte[] head(OpeningRequest request) {
        return head(request.method() + " " + request.target() + " " + request.version(), request.headers());
    }

    /** A status line and its fields. */
    static byte[] head(int status, Headers headers) {
        return head("HTTP/1.1 " + status + " " + PHRASES.getOrDefault(status, ""), headers);
    }

    /** A character beyond Latin-1 becomes {@code ?}: none may turn into a CR or LF. */
    private static byte[] head(String firstLine, Headers headers) {
        StringBuilder head = new StringBuilder(256).append(firstLine).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
