package dev.duplex.protocol;

/** Opening requests and answers for tests: the RFC's own sample, changed one field at a time (RFC 6455 §1.2). */
final class Openings {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    static final OpeningRequest SAMPLE = new OpeningRequest("GET", "/chat", "HTTP/1.1", Headers.of(
            "Host", "server.example.com",
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Key", KEY,
            "Origin", "http://example.com",
            "Sec-WebSocket-Protocol", "chat, superchat",
            "Sec-WebSocket-Version", "13"));

    static final OpeningResponse SAMPLE_ANSWER = new OpeningResponse(101, Headers.of(
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Accept", ACCEPT,
            "Sec-WebSocket-Protocol", "chat"), "");

    private Openings() {}

    /** The fields with all of one name taken out and these put in, one line each. */
    static Headers replaced(Headers headers, String name, String... values) {
        Headers[] result = {Headers.empty()};
        headers.forEach((n, value) -> result[0] = n.equalsIgnoreCase(name) ? result[0] : result[0].with(n, value));
        for (String value : values) {
            result[0] = result[0].with(name, value);
        }
        return result[0];
    }

    static OpeningRequest with(OpeningRequest request, String name, String... values) {
        return new OpeningRequest(request.method(), request.target(), request.version(), replaced(request.headers(), name, values));
    }

    static OpeningRequest sampleWith(String name, String... values) {
        return with(SAMPLE, name, values);
    }

    static OpeningResponse answerWith(String name, String... values) {
        return new OpeningResponse(SAMPLE_ANSWER.status(), replaced(SAMPLE_ANSWER.headers(), name, values), "");
    }
}
