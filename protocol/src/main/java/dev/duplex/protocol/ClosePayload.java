package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The payload of a Close frame (RFC 6455 §5.5.1).
 *
 * <pre>
 *   empty   or   | code, 2 bytes | reason, 0 to 123 bytes of UTF-8 |
 * </pre>
 */
final class ClosePayload {
    private ClosePayload() {}

    static byte[] of(int code, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + utf8.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(utf8, 0, payload, 2, utf8.length);
        return payload;
    }

    /** What is wrong with a received payload, or null. */
    static Violation check(byte[] payload) {
        if (payload.length == 0) {
            return null;
        }
        // §5.5.1: if there is a body, the first two bytes MUST be a 2-byte unsigned integer.
        if (payload.length == 1) {
            return Violation.CLOSE_PAYLOAD_TOO_SHORT;
        }
        if (!CloseReason.isSendable(code(payload))) {
            return Violation.CLOSE_CODE_INVALID;
        }
        return Utf8Validator.isValid(payload, 2, payload.length) ? null : Violation.CLOSE_REASON_NOT_UTF8;
    }

    static int code(byte[] payload) {
        return payload.length < 2 ? CloseReason.NO_CODE : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
    }

    static String text(byte[] payload) {
        return payload.length <= 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
}
