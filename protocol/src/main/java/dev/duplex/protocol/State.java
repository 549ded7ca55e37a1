package dev.duplex.protocol;

import java.util.EnumMap;
import java.util.Map;

/**
 * Where a connection stands between its opening handshake and its end (RFC 6455 §7).
 *
 * <p>The table below is the whole of the closing handshake; {@code docs/closing.md} is printed from it.
 */
public enum State {
    /** Messages pass both ways. */
    OPEN("messages pass both ways"),
    /** Our Close frame is sent, the peer's has not come: messages may still arrive. */
    CLOSE_SENT("our Close is sent; messages may still arrive"),
    /** Nothing more may pass: both Close frames have, or the connection has failed. The transport is to be ended. */
    ENDING("nothing more may pass; the transport is to be ended"),
    /** The transport has ended. */
    CLOSED("the transport has ended");

    /** What moves a connection from one state to the next. */
    enum Cause {
        /** This end sends Close. */
        SEND_CLOSE("we send Close"),
        /** The peer's Close frame comes. */
        RECEIVE_CLOSE("Close comes"),
        /** The peer broke a rule. */
        VIOLATION("the peer breaks a rule"),
        /** FIN, RST, or the close timer. */
        TRANSPORT_ENDED("the transport ends");

        final String words;

        Cause(String words) {
            this.words = words;
        }
    }

    private static final Map<State, Map<Cause, State>> TABLE = new EnumMap<>(Map.of(
            OPEN, new EnumMap<>(Map.of(
                    Cause.SEND_CLOSE, CLOSE_SENT,
                    Cause.RECEIVE_CLOSE, ENDING, // our Close has answered it
                    Cause.VIOLATION, ENDING, // our Close has told why
                    Cause.TRANSPORT_ENDED, CLOSED)),
            CLOSE_SENT, new EnumMap<>(Map.of(
                    Cause.RECEIVE_CLOSE, ENDING,
                    Cause.VIOLATION, ENDING, // there is no second Close
                    Cause.TRANSPORT_ENDED, CLOSED)),
            ENDING, new EnumMap<>(Map.of(Cause.TRANSPORT_ENDED, CLOSED)),
            CLOSED, new EnumMap<>(Cause.class)));

    final String words;

    State(String words) {
        this.words = words;
    }

    /** The state that follows; the same if the cause changes nothing here. */
    State after(Cause cause) {
        return TABLE.get(this).getOrDefault(cause, this);
    }
}
