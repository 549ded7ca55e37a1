package dev.duplex.protocol;

import java.util.List;
import java.util.Optional;

/**
 * All that the answer to an opening request must be (RFC 6455 §4.1, RFC 8441 §5), each rule as the sentence that says how it is broken.
 *
 * @param key what the request sent; empty over HTTP/2, which has none
 * @param subprotocols what it offered
 * @param deflate what it offered
 */
record AnswerRules(String key, List<String> subprotocols, Optional<DeflateOptions> deflate) {

    /** How the answer breaks the first rule that it breaks; empty if it breaks none. */
    Optional<String> fault(OpeningResponse response) {
        Headers headers = response.headers();
        return statusFault(response)
                .or(() -> upgradeFault(headers))
                .or(() -> subprotocolFault(headers))
                .or(() -> extensionFault(headers));
    }

    /** The compression that an answer without fault agrees on. */
    Optional<DeflateParameters> agreed(Headers headers) {
        return extensions(headers).flatMap(extensions -> extensions.stream().findFirst())
                .flatMap(extension -> DeflateTerms.parse(extension, false))
                .map(terms -> terms.agreedWith(deflate.orElseThrow()));
    }

    private Optional<String> statusFault(OpeningResponse response) {
        // RFC 6455 §4.1, answer rule 1: any status but 101 is HTTP's to handle. RFC 9110 §9.3.6: a CONNECT succeeds with any 2xx.
        int success = isHttp2() ? 200 : 101;
        if (isHttp2() ? response.status() / 100 == 2 : response.status() == success) {
            return Optional.empty();
        }
        String firstLine = response.body().lines().findFirst().orElse("").strip();
        String body = firstLine.isEmpty() ? "" : ": " + HeaderSyntax.printable(firstLine);
        return Optional.of("the server answered " + response.status() + " instead of " + success + body);
    }

    private boolean isHttp2() {
        return key.isEmpty();
    }

    private Optional<String> upgradeFault(Headers headers) {
        if (isHttp2()) {
            return Optional.empty();
        }
        // Rule 2: Upgrade is websocket, in any case.
        if (!"websocket".equalsIgnoreCase(HandshakeFields.single(headers, "Upgrade"))) {
            return Optional.of("the answer lacks the header Upgrade: websocket (RFC 6455 §4.1)");
        }
        // Rule 3: Connection has Upgrade among its tokens.
        if (!FieldReader.hasToken(headers.all("Connection"), "Upgrade")) {
            return Optional.of("the answer lacks the header Connection: Upgrade (RFC 6455 §4.1)");
        }
        // Rule 4: the proof that the server has read our key and speaks this protocol.
        if (!HandshakeFields.acceptFor(key).equals(HandshakeFields.single(headers, HandshakeFields.ACCEPT))) {
            return Optional.of("the answer's Sec-WebSocket-Accept does not fit the key (RFC 6455 §4.1)");
        }
        return Optional.empty();
    }

    private Optional<String> subprotocolFault(Headers headers) {
        // Rule 6: one of those offered, or none.
        List<String> values = headers.all(HandshakeFields.PROTOCOL);
        if (values.isEmpty() || values.size() == 1 && subprotocols.contains(values.get(0).trim())) {
            return Optional.empty();
        }
        return Optional.of("the server chose a subprotocol that was not offered (RFC 6455 §4.1): "
                + HeaderSyntax.printable(String.join(", ", values)));
    }

    private Optional<String> extensionFault(Headers headers) {
        Optional<List<Extension>> extensions = extensions(headers);
        if (extensions.isEmpty()) {
            return Optional.of("the answer's Sec-WebSocket-Extensions is malformed (RFC 6455 §9.1)");
        }
        // Rule 5: only what was offered, and it once.
        for (Extension extension : extensions.get()) {
            if (deflate.isEmpty() || !extension.name().equals(DeflateTerms.NAME)) {
                return Optional.of("the server chose an extension that was not offered (RFC 6455 §4.1): "
                        + HeaderSyntax.printable(extension.toString()));
            }
        }
        if (extensions.get().size() > 1) {
            return Optional.of("the server chose permessage-deflate twice (RFC 7692 §5.1)");
        }
        return extensions.get().stream().findFirst().flatMap(this::deflateFault);
    }

    private Optional<String> deflateFault(Extension extension) {
        // RFC 7692 §7.1: no parameter that is unknown, doubled or has a wrong value, and none that the offer does not allow.
        Optional<DeflateTerms> terms = DeflateTerms.parse(extension, false);
        return terms.isEmpty()
                ? Optional.of("the answer's compression is malformed (RFC 7692 §7.1): " + HeaderSyntax.printable(extension.toString()))
                : terms.get().misfit(deflate.orElseThrow());
    }

    private static Optional<List<Extension>> extensions(Headers headers) {
        return Extension.parse(headers.all(HandshakeFields.EXTENSIONS));
    }
}
