package dev.duplex.protocol;

/** The character rules of HTTP header fields (RFC 9110 §5.5, §5.6.2). */
final class HeaderSyntax {
    /** tchar, one bit for each of U+0000 to U+007F. */
    private static final long[] TOKEN_CHARACTERS = new long[2];

    static {
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".chars()
                .forEach(c -> TOKEN_CHARACTERS[c >> 6] |= 1L << c);
    }

    private HeaderSyntax() {}

    static boolean isTokenCharacter(char c) {
        return c < 0x80 && (TOKEN_CHARACTERS[c >> 6] >>> c & 1) != 0;
    }

    /** token = 1*tchar */
    static boolean isToken(String s) {
        return isToken(s, 0, s.length());
    }

    static boolean isToken(String s, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isTokenCharacter(s.charAt(i))) {
                return false;
            }
        }
        return from < to;
    }

    /** Whether all characters can be seen and are ASCII: no blank, no control character. */
    static boolean isVisibleAscii(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) <= ' ' || s.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * No control character but the tab: neither CR, LF nor NUL can end a field early.
     *
     * <p>Nor a character that is more than a byte: a carrier that drops its upper half would make U+010A a line feed.
     */
    static boolean isFieldValue(String s) {
        return isFieldValue(s, 0, s.length());
    }

    static boolean isFieldValue(String s, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = s.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** For messages: control characters as {@code \\uXXXX}, cut after 80 characters. */
    static String printable(String s) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(s.length(), 80); i++) {
            char c = s.charAt(i);
            out.append(c < ' ' || c >= 0x7f && c < 0xa0 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return out.append(s.length() > 80 ? "…" : "").toString();
    }
}
