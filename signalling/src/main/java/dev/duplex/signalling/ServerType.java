package dev.duplex.signalling;

import java.util.List;
import java.util.Locale;

/** The messages that a peer receives, each with its fields; those that may be left out end in a question mark. */
enum ServerType {
    JOINED("name", "token", "peers", "iceServers"),
    RESUMED("name", "peers", "iceServers"),
    ARRIVED("name", "role"),
    AWAY("name"),
    BACK("name", "role"),
    LEFT("name"),
    OFFER("from", "sdp"),
    ANSWER("from", "sdp"),
    CANDIDATE("from", "candidate"),
    PONG,
    ERROR("code", "message", "about?");

    private final List<String> fields;

    ServerType(String... fields) {
        this.fields = List.of(fields);
    }

    /** Such as {@code offer}. */
    String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> fields() {
        return fields;
    }
}
