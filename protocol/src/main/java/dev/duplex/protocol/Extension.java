package dev.duplex.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An extension as it is offered or agreed on in {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1).
 *
 * @param name a token, compared exactly
 * @param parameters in order; one that stands twice is here twice
 */
public record Extension(String name, List<Parameter> parameters) {
    /** How many offers are kept: more are a flood, and no client has so many. */
    private static final int MAX_KEPT = 16;

    /**
     * A parameter of an extension.
     *
     * @param name a token, compared exactly
     * @param value a token, or empty, or null if there is none
     */
    public record Parameter(String name, String value) {
        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if the name is not a token, or the value neither a token nor empty nor null
         */
        public Parameter {
            requireToken(name);
            if (value != null && !value.isEmpty()) {
                requireToken(value);
            }
        }

        /** As it stands in the header. */
        @Override
        public String toString() {
            if (value == null) {
                return name;
            }
            return name + "=" + (value.isEmpty() ? "\"\"" : value);
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the name is not a token
     */
    public Extension {
        requireToken(name);
        parameters = List.copyOf(parameters);
    }

    /**
     * The extensions in the lines of a header, at most 16; empty if malformed.
     *
     * <p>Takes time in proportion to the length. An empty value ({@code a=} or {@code a=""}) is kept, although the grammar has
     * none, so that an extension can decline that one offer.
     */
    public static Optional<List<Extension>> parse(List<String> headerLines) {
        List<Extension> extensions = new ArrayList<>();
        boolean isWellFormed = FieldReader.readLists(headerLines, reader -> {
            Extension extension = read(reader);
            if (extension != null && extensions.size() < MAX_KEPT) {
                extensions.add(extension);
            }
            return extension != null;
        });
        return isWellFormed ? Optional.of(List.copyOf(extensions)) : Optional.empty();
    }

    /** extension = token *( ";" extension-param ); null if malformed. */
    private static Extension read(FieldReader reader) {
        String name = reader.token();
        List<Parameter> parameters = new ArrayList<>(4);
        while (name != null && reader.take(';')) {
            Parameter parameter = readParameter(reader);
            if (parameter == null) {
                return null;
            }
            parameters.add(parameter);
        }
        return name == null ? null : new Extension(name, parameters);
    }

    /** extension-param = token [ "=" (token | quoted-string) ], where the quoted value, too, must be a token. */
    private static Parameter readParameter(FieldReader reader) {
        String name = reader.token();
        if (name == null) {
            return null;
        }
        if (!reader.take('=')) {
            return new Parameter(name, null);
        }
        String value = reader.tokenOrQuoted();
        return value == null ? null : new Parameter(name, value);
    }

    private static void requireToken(String s) {
        if (!HeaderSyntax.isToken(Objects.requireNonNull(s))) {
            throw new IllegalArgumentException("not a token (RFC 6455 §9.1): " + HeaderSyntax.printable(s));
        }
    }

    /** As it stands in the header. */
    @Override
    public String toString() {
        StringBuilder header = new StringBuilder(name);
        parameters.forEach(parameter -> header.append("; ").append(parameter));
        return header.toString();
    }
}
