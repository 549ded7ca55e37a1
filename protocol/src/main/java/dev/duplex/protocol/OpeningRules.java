package dev.duplex.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** All that an opening request must be, in one pure function (RFC 6455 §4.2.1, RFC 8441 §5). */
final class OpeningRules {
    private OpeningRules() {}

    /** The answer to the first rule that a request breaks; empty if it breaks none. */
    static Optional<OpeningResponse> refusal(OpeningRequest request) {
        return (request.isHttp2() ? refusalByConnect(request) : refusalByMethod(request))
                .or(() -> refusalByHttp(request))
                .or(() -> request.isHttp2() ? Optional.empty() : refusalByUpgrade(request))
                .or(() -> refusalByVersion(request))
                .or(() -> request.isHttp2() ? Optional.empty() : refusalByKey(request.headers()))
                .or(() -> refusalByLists(request.headers()));
    }

    private static Optional<OpeningResponse> refusalByMethod(OpeningRequest request) {
        // RFC 6455 §4.2.1 (1): the method is GET.
        return request.method().equals("GET") ? Optional.empty() : Optional.of(ServerHandshake.refuse(405, Headers.of("Allow", "GET"),
                "A WebSocket is opened with GET (RFC 6455 §4.1)."));
    }

    private static Optional<OpeningResponse> refusalByConnect(OpeningRequest request) {
        // RFC 8441 §5: over HTTP/2 the method is CONNECT, and :protocol says for what.
        if (!request.method().equals("CONNECT")) {
            return Optional.of(ServerHandshake.refuse(405, Headers.of("Allow", "CONNECT"),
                    "Only WebSockets are served here; over HTTP/2 one is opened with CONNECT (RFC 8441 §5)."));
        }
        if (!request.protocol().equals("websocket")) {
            return refusal(501, "Only :protocol websocket is served here (RFC 8441 §5).");
        }
        // RFC 8441 §5: these belong to HTTP/1.1, and whoever sends them may believe in another upgrade.
        if (request.headers().contains("Upgrade") || request.headers().contains("Connection")) {
            return refusal(400, "The headers Upgrade and Connection have no place in HTTP/2 (RFC 8441 §5).");
        }
        return Optional.empty();
    }

    private static Optional<OpeningResponse> refusalByHttp(OpeningRequest request) {
        Headers headers = request.headers();
        // A body that nobody reads would pass for the next request, or for frames.
        if (announcesBody(headers)) {
            return refusal(400, "A request that opens a WebSocket has no body: no Transfer-Encoding, no Content-Length but 0.");
        }
        if (RequestTarget.parse(request.target()).isEmpty()) {
            return refusal(400, "The request target is malformed or ambiguous (RFC 9112 §3.2).");
        }
        // RFC 6455 §4.2.1 (2): one Host with the server's authority. HTTP/1.0 need not have it, and gets its 426.
        boolean mayLackHost = request.version().equals("HTTP/1.0") && !headers.contains("Host");
        if (!mayLackHost && RequestTarget.host(request).isEmpty()) {
            return refusal(400, "The header Host must stand once, as host[:port], and agree with the request target (RFC 9112 §3.2).");
        }
        return Optional.empty();
    }

    private static Optional<OpeningResponse> refusalByUpgrade(OpeningRequest request) {
        Headers headers = request.headers();
        // RFC 6455 §4.2.1 (1): HTTP/1.1 or higher; older ones cannot upgrade (RFC 9110 §7.8).
        if (!isHttp11OrHigher(request.version())) {
            return refusal(426, "A WebSocket is opened over HTTP/1.1 (RFC 6455 §4.1).");
        }
        // RFC 6455 §4.2.1 (3, 4): Upgrade has websocket, Connection has Upgrade, in any case and among others.
        if (!FieldReader.hasToken(headers.all("Upgrade"), "websocket")) {
            return refusal(426, "Only WebSockets are served here: the header Upgrade: websocket is missing (RFC 6455 §4.1).");
        }
        if (!FieldReader.hasToken(headers.all("Connection"), "Upgrade")) {
            return refusal(426, "The header Connection: Upgrade is missing (RFC 6455 §4.1).");
        }
        return Optional.empty();
    }

    private static Optional<OpeningResponse> refusalByVersion(OpeningRequest request) {
        // RFC 6455 §4.2.1 (6), §4.4: version 13, written so. There is nothing to upgrade to over HTTP/2.
        return "13".equals(HandshakeFields.single(request.headers(), HandshakeFields.VERSION)) ? Optional.empty()
                : Optional.of(ServerHandshake.refuseVersion(request.isHttp2() ? 400 : 426,
                        "The header Sec-WebSocket-Version must stand once and be 13 (RFC 6455 §4.1)."));
    }

    private static Optional<OpeningResponse> refusalByKey(Headers headers) {
        // RFC 6455 §4.2.1 (5): one key, 16 bytes in base64.
        String key = HandshakeFields.single(headers, HandshakeFields.KEY);
        if (key == null || !isKey(key)) {
            return refusal(400, "The header Sec-WebSocket-Key must stand once and be 16 bytes in base64 (RFC 6455 §4.1).");
        }
        return Optional.empty();
    }

    private static Optional<OpeningResponse> refusalByLists(Headers headers) {
        // RFC 6455 §4.1 (10): subprotocols are tokens, each named once.
        Optional<List<String>> subprotocols = FieldReader.tokens(headers.all(HandshakeFields.PROTOCOL));
        if (subprotocols.isEmpty() || new HashSet<>(subprotocols.get()).size() != subprotocols.get().size()) {
            return refusal(400, "The header Sec-WebSocket-Protocol must be a list of different tokens (RFC 6455 §4.1).");
        }
        // RFC 6455 §9.1: a malformed list fails the handshake; one that is merely unknown is ignored.
        if (Extension.parse(headers.all(HandshakeFields.EXTENSIONS)).isEmpty()) {
            return refusal(400, "The header Sec-WebSocket-Extensions is malformed (RFC 6455 §9.1).");
        }
        return Optional.empty();
    }

    /** HTTP/1.1 to HTTP/1.9. */
    private static boolean isHttp11OrHigher(String version) {
        return version.length() == 8 && version.startsWith("HTTP/1.") && version.charAt(7) >= '1' && version.charAt(7) <= '9';
    }

    /** 16 bytes in base64: 22 characters of 6 bits and the padding. */
    private static boolean isKey(String key) {
        if (key.length() != 24 || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < 22; i++) {
            char c = key.charAt(i);
            if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static boolean announcesBody(Headers headers) {
        boolean hasLength = headers.contains("Content-Length") && !"0".equals(HandshakeFields.single(headers, "Content-Length"));
        return hasLength || headers.contains("Transfer-Encoding");
    }

    private static Optional<OpeningResponse> refusal(int status, String body) {
        return Optional.of(ServerHandshake.refuse(status, Headers.empty(), body));
    }
}
