package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * HTTP header fields in order, names compared without case (RFC 9110 §5).
 *
 * <p>Immutable. What an application puts in is checked, so that no value can inject a second field.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(List.of());

    private final List<Map.Entry<String, String>> fields;

    private Headers(List<Map.Entry<String, String>> fields) {
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
        Headers headers = EMPTY;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers = headers.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /**
     * These fields and one more at the end.
     *
     * @throws IllegalArgumentException if the name is not a token or the value has a control character or one beyond U+00FF
     */
    public Headers with(String name, String value) {
        if (!HeaderSyntax.isToken(name)) {
            throw new IllegalArgumentException("not a header name: " + HeaderSyntax.printable(name));
        }
        if (!HeaderSyntax.isFieldValue(value)) {
            throw new IllegalArgumentException("the value of header " + name + " has a character that no header may have (RFC 9110 §5.5)");
        }
        List<Map.Entry<String, String>> more = new ArrayList<>(fields.size() + 1);
        more.addAll(fields);
        more.add(Map.entry(name, value));
        return new Headers(List.copyOf(more));
    }

    /** These fields and then the others. */
    public Headers with(Headers others) {
        List<Map.Entry<String, String>> more = new ArrayList<>(fields);
        more.addAll(others.fields);
        return new Headers(List.copyOf(more));
    }

    /** The first value of a field. */
    public Optional<String> first(String name) {
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return Optional.of(field.getValue());
            }
        }
        return Optional.empty();
    }

    /** All values of a field, in order, one for each line. */
    public List<String> all(String name) {
        Objects.requireNonNull(name, "name");
        List<String> values = new ArrayList<>(1);
        for (Map.Entry<String, String> field : fields) {
            if (field.getKey().equalsIgnoreCase(name)) {
                values.add(field.getValue());
            }
        }
        return values;
    }

    /** Whether a field is there. */
    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /** Calls for each field line, in order. */
    public void forEach(BiConsumer<String, String> action) {
        fields.forEach(field -> action.accept(field.getKey(), field.getValue()));
    }

    /** The number of field lines. */
    public int count() {
        return fields.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers h && fields.equals(h.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
