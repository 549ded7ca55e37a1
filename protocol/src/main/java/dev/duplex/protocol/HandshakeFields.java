package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header fields that both sides of an opening handshake know (RFC 6455 §11.3). */
final class HandshakeFields {
    static final String KEY = "Sec-WebSocket-Key";
    static final String ACCEPT = "Sec-WebSocket-Accept";
    static final String VERSION = "Sec-WebSocket-Version";
    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    /** RFC 6455 §1.3: appended to the key, so that only who knows this protocol can answer. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Never fed itself: its copies are, which come without the search through the platform's providers. */
    private static final MessageDigest SHA_1 = digest("SHA-1");

    /** What frames a message or speaks to the next hop only: an application that sets it could smuggle. */
    private static final Set<String> RESERVED = Set.of("host", "upgrade", "connection", "keep-alive", "proxy-connection",
            "content-length", "transfer-encoding", "te", "trailer", "http2-settings");

    private HandshakeFields() {}

    /** The value of a field that stands exactly once; null otherwise. */
    static String single(Headers headers, String name) {
        List<String> values = headers.all(name);
        return values.size() == 1 ? values.get(0).trim() : null;
    }

    /** Throws if an application's fields would change the handshake. */
    static void requireNoReserved(Headers extra) {
        extra.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (RESERVED.contains(lowerCase) || lowerCase.startsWith("sec-websocket-")) {
                throw new IllegalArgumentException("the header " + name + " belongs to the handshake and cannot be set");
            }
        });
    }

    static void requireSubprotocol(String name) {
        if (!HeaderSyntax.isToken(name)) {
            throw new IllegalArgumentException(
                    "the subprotocol '" + HeaderSyntax.printable(name) + "' is not a token (RFC 6455 §4.1)");
        }
    }

    /** RFC 6455 §4.2.2 (5.4): base64(SHA-1(key + GUID)). */
    static String acceptFor(String key) {
        byte[] hash = copyOf(SHA_1).digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    /** Throws if the platform lacks it, which a complete one does not. */
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks " + algorithm + ", without which no WebSocket opens", e);
        }
    }

    /** Throws if it cannot be copied, which all of the platform's own can. */
    static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java platform's " + digest.getAlgorithm() + " cannot be copied", e);
        }
    }
}
