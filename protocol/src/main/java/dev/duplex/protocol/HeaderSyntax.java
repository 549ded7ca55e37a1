package dev.duplex.protocol;

/** The character rules of HTTP header fields (RFC 9110 §5.5, §5.6.2). */
final class HeaderSyntax {
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private HeaderSyntax() {}

    static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_SYMBOLS.indexOf(c) >= 0;
    }

    /** token = 1*tchar */
    static boolean isToken(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (!isTokenCharacter(s.charAt(i))) {
                return false;
            }
        }
        return !s.isEmpty();
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
        for (int i = 0; i < s.length(); i++) {
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
