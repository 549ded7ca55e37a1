package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

/**
 * HTTP header fields in order, names compared without case (RFC 9110 §5).
 *
 * <p>Immutable. What an application puts in is checked, so that no value can inject a second field.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers("", 0);

    /**
     * {@code name:value\n} for each: one string, because every open connection keeps the fields of its request. No name has a
     * colon, and no value a line feed.
     */
    private final String lines;

    /** A bit for the length of each name, modulo 32: most questions are for fields that are not there, and end here. */
    private final int lengths;

    private Headers(String lines, int lengths) {
        this.lines = lines;
        this.lengths = lengths;
    }

    /** No fields. */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * Fields from names and values in turn.
     *
     * @throws IllegalArgumentException if a name is not a token or a value has a control character or one beyond U+00FF
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        StringBuilder lines = new StringBuilder(32 * namesAndValues.length);
        int lengths = 0;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            append(lines, namesAndValues[i], namesAndValues[i + 1]);
            lengths |= bit(namesAndValues[i].length());
        }
        return new Headers(lines.toString(), lengths);
    }

    private static int bit(int length) {
        return 1 << (length & 31);
    }

    private static void append(StringBuilder lines, String name, String value) {
        if (!HeaderSyntax.isToken(name)) {
            throw new IllegalArgumentException("not a header name: " + HeaderSyntax.printable(name));
        }
        if (!HeaderSyntax.isFieldValue(value)) {
            throw new IllegalArgumentException("the value of header " + name + " has a character that no header may have (RFC 9110 §5.5)");
        }
        lines.append(name).append(':').append(value).append('\n');
    }

    /**
     * Fields from lines of the form {@code name:value\n}, as a reader of many of them has them at hand: without blanks around the
     * value.
     *
     * @throws IllegalArgumentException as {@link #of}, or if a line has no colon or no end
     */
    public static Headers ofLines(String lines) {
        int start = 0;
        int lengths = 0;
        while (start < lines.length()) {
            int end = lines.indexOf('\n', start);
            int colon = lines.indexOf(':', start);
            if (colon < 0 || colon > end || !HeaderSyntax.isToken(lines, start, colon) || !HeaderSyntax.isFieldValue(lines, colon + 1, end)) {
                throw new IllegalArgumentException("not a header field: " + HeaderSyntax.printable(lines.substring(start)));
            }
            lengths |= bit(colon - start);
            start = end + 1;
        }
        return new Headers(lines, lengths);
    }

    /**
     * These fields and one more at the end.
     *
     * @throws IllegalArgumentException if the name is not a token or the value has a control character or one beyond U+00FF
     */
    public Headers with(String name, String value) {
        StringBuilder more = new StringBuilder(lines.length() + name.length() + value.length() + 2).append(lines);
        append(more, name, value);
        return new Headers(more.toString(), lengths | bit(name.length()));
    }

    /** These fields and then the others. */
    public Headers with(Headers others) {
        return others.lines.isEmpty() ? this : new Headers(lines + others.lines, lengths | others.lengths);
    }

    /** The first value of a field. */
    public Optional<String> first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? Optional.empty() : Optional.of(value(name, at));
    }

    /** All values of a field, in order, one for each line. */
    public List<String> all(String name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        while (at >= 0) {
            values.add(value(name, at));
            at = indexOf(name, lines.indexOf('\n', at) + 1);
        }
        return values;
    }

    private String value(String name, int at) {
        return lines.substring(at + name.length() + 1, lines.indexOf('\n', at));
    }

    /** Where the first line with this name begins, of those that begin at {@code from} or later; negative if none does. */
    private int indexOf(String name, int from) {
        int length = Objects.requireNonNull(name, "name").length();
        int at = (lengths & bit(length)) != 0 && name.indexOf(':') < 0 ? from : lines.length();
        while (at < lines.length()) {
            if (at + length < lines.length() && lines.charAt(at + length) == ':' && lines.regionMatches(true, at, name, 0, length)) {
                return at;
            }
            at = lines.indexOf('\n', at) + 1;
        }
        return -1;
    }

    /** Whether a field is there. */
    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** Calls for each field line, in order. */
    public void forEach(BiConsumer<String, String> action) {
        int at = 0;
        while (at < lines.length()) {
            int colon = lines.indexOf(':', at);
            int end = lines.indexOf('\n', colon);
            action.accept(lines.substring(at, colon), lines.substring(colon + 1, end));
            at = end + 1;
        }
    }

    /** The number of field lines. */
    public int count() {
        int count = 0;
        for (int at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) {
            count++;
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers h && lines.equals(h.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ", "[", "]");
        forEach((name, value) -> all.add(name + "=" + value));
        return all.toString();
    }
}
