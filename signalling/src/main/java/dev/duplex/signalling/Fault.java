package dev.duplex.signalling;

import java.util.Locale;

/** What can be wrong with a message; each has its code on the wire and a sentence for people. */
enum Fault {
    BAD_JSON("a message is one JSON object of at most 4 levels"),
    UNKNOWN_TYPE("no message has this type"),
    BAD_FIELD("a field is missing, or is not what it should be"),
    TOO_LARGE("the message is larger than the room takes"),
    TOO_FAST("too many messages; this one was dropped"),
    FOREIGN_ROOM("this connection belongs to another room"),
    BAD_NAME("a name is 1 to 32 characters that can be read"),
    NAME_TAKEN("someone in the room has this name"),
    ROOM_FULL("every seat in the room is taken"),
    NO_MORE_ROOMS("the server has no room for another room"),
    NOT_JOINED("join first"),
    ALREADY_JOINED("this connection has joined already"),
    NO_SUCH_SEAT("no seat waits for this token; join anew"),
    NO_SUCH_PEER("nobody in the room has this name"),
    KEPT_ENOUGH("too much waits for this peer already; this message was dropped");

    private final String sentence;

    Fault(String sentence) {
        this.sentence = sentence;
    }

    /** Such as {@code bad-json}. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String sentence() {
        return sentence;
    }
}
