package dev.duplex.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text of a peer made harmless for a terminal.
 *
 * <p>Control characters could move the cursor, change the title or answer for the user; bidirectional overrides and invisible
 * characters could make a text read as what it is not. They become their JSON escapes, as {@code \}{@code u001b}.
 */
final class Printable {
    private static final HexFormat HEX = HexFormat.of();

    private Printable() {}

    /** The text with line ends and tabs as they are. */
    static String text(String text) {
        return escaped(text, true);
    }

    /** The text on one line: line ends are escaped too. */
    static String line(String text) {
        return escaped(text, false);
    }

    /** Bytes as text if they are UTF-8, else with an escape for each byte that is not ASCII. */
    static String text(byte[] bytes) {
        try {
            return text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException notText) {
            StringBuilder out = new StringBuilder();
            for (byte b : bytes) {
                if (b >= 0) {
                    append(out, b, true);
                } else {
                    out.append("\\x").append(HEX.toHexDigits(b));
                }
            }
            return out.toString();
        }
    }

    private static String escaped(String text, boolean keepsLines) {
        if (text.codePoints().noneMatch(c -> isHarmful(c, keepsLines))) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> append(out, c, keepsLines));
        return out.toString();
    }

    private static void append(StringBuilder out, int codePoint, boolean keepsLines) {
        if (!isHarmful(codePoint, keepsLines)) {
            out.appendCodePoint(codePoint);
            return;
        }
        for (char c : Character.toChars(codePoint)) {
            out.append("\\u").append(HEX.toHexDigits(c));
        }
    }

    private static boolean isHarmful(int c, boolean keepsLines) {
        if (c >= ' ' && c < 0x7F) {
            return false;
        }
        if (c == '\n' || c == '\t') {
            return !keepsLines;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            case Character.FORMAT -> !isOrdinaryFormat(c);
            default -> false;
        };
    }

    /** Format characters that ordinary writing needs: joiners (emoji, Persian, Indic), the soft hyphen, Arabic number signs. */
    private static boolean isOrdinaryFormat(int c) {
        return c == 0x200C || c == 0x200D || c == 0xAD || c >= 0x600 && c <= 0x605 || c == 0x6DD || c == 0x70F || c == 0x8E2;
    }
}
