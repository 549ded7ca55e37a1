package dev.duplex.fallback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of a request that are the fallback's own, and the application's.
 *
 * <p>All its own begin with {@code duplex}. One that stands twice is malformed, since two readers could take two different ones.
 *
 * @param own those of the fallback, by name
 * @param rest the query as the application is to see it
 * @param isMalformed whether one of its own stands twice
 */
record Parameters(Map<String, String> own, String rest, boolean isMalformed) {
    private static final String PREFIX = "duplex";

    static Parameters of(String query) {
        Map<String, String> own = new HashMap<>();
        List<String> rest = new ArrayList<>();
        boolean isMalformed = false;
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (name.equals(PREFIX) || name.startsWith(PREFIX + "-")) {
                isMalformed |= own.put(name, pair.substring(equals + 1)) != null;
            } else if (!pair.isEmpty()) {
                rest.add(pair);
            }
        }
        return new Parameters(Map.copyOf(own), String.join("&", rest), isMalformed);
    }

    boolean isEmpty() {
        return own.isEmpty();
    }

    /** The parameter {@code duplex} itself: {@code open}, or a session. */
    String session() {
        return own.getOrDefault(PREFIX, "");
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(own.get(PREFIX + "-" + name));
    }

    /** A number from 0 on; empty if it is missing or none. */
    OptionalLong named(String name) {
        return text(name).map(Parameters::number).orElse(OptionalLong.empty());
    }

    /** The number that a text is, from 0 on; empty if it is none. */
    static OptionalLong number(String text) {
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
