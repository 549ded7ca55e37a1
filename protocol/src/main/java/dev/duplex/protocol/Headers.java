package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.Arrays;
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
    private static final Headers EMPTY = new Headers();

    /** Names and values in turn: one array, because every open connection keeps the fields of its request. */
    private final String[] fields;

    private Headers(String... fields) {
        this.fields = fields;
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
        for (int i = 0; i < namesAndValues.length; i += 2) {
            requireField(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Headers(namesAndValues.clone());
    }

    private static void requireField(String name, String value) {
        if (!HeaderSyntax.isToken(name)) {
            throw new IllegalArgumentException("not a header name: " + HeaderSyntax.printable(name));
        }
        if (!HeaderSyntax.isFieldValue(value)) {
            throw new IllegalArgumentException("the value of header " + name + " has a character that no header may have (RFC 9110 §5.5)");
        }
    }

    /**
     * These fields and one more at the end.
     *
     * @throws IllegalArgumentException if the name is not a token or the value has a control character or one beyond U+00FF
     */
    public Headers with(String name, String value) {
        requireField(name, value);
        return with(new Headers(name, value));
    }

    /** These fields and then the others. */
    public Headers with(Headers others) {
        String[] more = Arrays.copyOf(fields, fields.length + others.fields.length);
        System.arraycopy(others.fields, 0, more, fields.length, others.fields.length);
        return new Headers(more);
    }

    /** The first value of a field. */
    public Optional<String> first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? Optional.empty() : Optional.of(fields[at + 1]);
    }

    /** All values of a field, in order, one for each line. */
    public List<String> all(String name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        while (at >= 0) {
            values.add(fields[at + 1]);
            at = indexOf(name, at + 2);
        }
        return values;
    }

    private int indexOf(String name, int from) {
        Objects.requireNonNull(name, "name");
        for (int i = from; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a field is there. */
    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** Calls for each field line, in order. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < fields.length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** The number of field lines. */
    public int count() {
        return fields.length / 2;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers h && Arrays.equals(fields, h.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ", "[", "]");
        forEach((name, value) -> all.add(name + "=" + value));
        return all.toString();
    }
}
