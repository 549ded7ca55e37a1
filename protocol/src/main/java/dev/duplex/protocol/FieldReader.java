package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a header field that is a list, from left to right and never back: linear time (RFC 9110 §5.6).
 *
 * <p>Spaces and tabs around tokens and separators mean nothing. Each read of a token ends on the next character that counts.
 */
final class FieldReader {
    private final CharSequence text;
    private int at;

    FieldReader(CharSequence text) {
        this.text = text;
        skipBlanks();
    }

    /**
     * Reads every element of a list that may be spread over several lines (RFC 9110 §5.3).
     *
     * @param element reads one element; false if it is malformed
     * @return false if an element is malformed, or there are lines without any element
     */
    static boolean readLists(List<? extends CharSequence> lines, Predicate<FieldReader> element) {
        boolean hasElement = lines.isEmpty();
        for (CharSequence line : lines) {
            FieldReader reader = new FieldReader(line);
            while (!reader.isAtEnd()) {
                // Empty elements are to be ignored (RFC 9110 §5.6.1.2).
                if (reader.take(',')) {
                    continue;
                }
                if (!element.test(reader) || !reader.isAtEnd() && !reader.take(',')) {
                    return false;
                }
                hasElement = true;
            }
        }
        return hasElement;
    }

    /** The tokens of a list; empty if malformed. */
    static Optional<List<String>> tokens(List<String> lines) {
        List<String> tokens = new ArrayList<>();
        boolean isWellFormed = readLists(lines, reader -> {
            String token = reader.token();
            if (token != null) {
                tokens.add(token);
            }
            return token != null;
        });
        return isWellFormed ? Optional.of(tokens) : Optional.empty();
    }

    /** Whether one of the comma-separated elements is this token, compared without case; the others may be anything. */
    static boolean hasToken(List<String> lines, String token) {
        for (String line : lines) {
            for (String element : line.split(",")) {
                if (element.trim().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** Takes a separator if it is next. */
    boolean take(char separator) {
        if (isAtEnd() || text.charAt(at) != separator) {
            return false;
        }
        at++;
        skipBlanks();
        return true;
    }

    /** Takes a token; null if none is next. */
    String token() {
        int start = at;
        while (!isAtEnd() && HeaderSyntax.isTokenCharacter(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            return null;
        }
        String token = text.subSequence(start, at).toString();
        skipBlanks();
        return token;
    }

    /** Takes what may follow "=": a token, quoted or not; empty if nothing stands there; null if malformed. */
    String tokenOrQuoted() {
        if (!isAtEnd() && text.charAt(at) == '"') {
            at++;
            return quoted();
        }
        String token = token();
        boolean isEmptyValue = token == null && (isAtEnd() || text.charAt(at) == ';' || text.charAt(at) == ',');
        return isEmptyValue ? "" : token;
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        while (!isAtEnd()) {
            char c = text.charAt(at++);
            if (c == '"') {
                skipBlanks();
                return value.toString();
            }
            if (c == '\\' && !isAtEnd()) {
                c = text.charAt(at++);
            }
            // RFC 6455 §9.1: after unescaping, the value must be a token.
            if (!HeaderSyntax.isTokenCharacter(c)) {
                return null;
            }
            value.append(c);
        }
        return null;
    }

    private void skipBlanks() {
        while (!isAtEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
