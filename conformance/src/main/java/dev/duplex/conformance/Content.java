package dev.duplex.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A payload as a case table writes it: a pattern, repeated up to a length. */
record Content(byte[] pattern, int length) {
    private static final int SHOWN_BYTES = 40;

    static Content of(byte[] bytes) {
        return new Content(bytes, bytes.length);
    }

    byte[] bytes() {
        if (length == pattern.length) {
            return pattern;
        }
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += pattern.length) {
            System.arraycopy(pattern, 0, bytes, at, Math.min(pattern.length, length - at));
        }
        return bytes;
    }

    /** A payload for human eyes: short, quoted when it is printable text, in hex otherwise. */
    static String show(byte[] payload) {
        if (payload.length == 0) {
            return "empty";
        }
        if (payload.length > SHOWN_BYTES && uniform(payload)) {
            return payload.length + " x " + brief(new byte[] {payload[0]});
        }
        if (payload.length > SHOWN_BYTES) {
            byte[] start = java.util.Arrays.copyOf(payload, SHOWN_BYTES / 2);
            return brief(start) + "... (" + payload.length + " bytes)";
        }
        return brief(payload);
    }

    private static String brief(byte[] payload) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            if (text.codePoints().noneMatch(Content::unprintable)) {
                return '"' + text + '"';
            }
        } catch (CharacterCodingException e) {
            // Not text: shown in hex.
        }
        return "0x" + HexFormat.of().formatHex(payload);
    }

    private static boolean unprintable(int c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c > 0x2fff || c == '"' || !Character.isDefined(c) || Character.getType(c) == Character.FORMAT;
    }

    private static boolean uniform(byte[] payload) {
        for (byte b : payload) {
            if (b != payload[0]) {
                return false;
            }
        }
        return true;
    }
}
