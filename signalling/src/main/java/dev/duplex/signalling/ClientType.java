package dev.duplex.signalling;

import java.util.List;
import java.util.Locale;

/** The messages that a peer sends, each with its fields; those that may be left out end in a question mark. */
enum ClientType {
    JOIN("name", "token?"),
    RESUME("token"),
    OFFER("to", "sdp"),
    ANSWER("to", "sdp"),
    CANDIDATE("to", "candidate"),
    PING,
    LEAVE;

    private final List<String> fields;

    ClientType(String... fields) {
        this.fields = List.of(fields);
    }

    /** Such as {@code offer}. */
    String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> fields() {
        return fields;
    }

    /** The one with this name on the wire, or null. */
    static ClientType of(String type) {
        for (ClientType known : values()) {
            if (known.type().equals(type)) {
                return known;
            }
        }
        return null;
    }
}
