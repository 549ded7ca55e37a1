package dev.duplex.conformance;

import java.util.Arrays;

/** One thing that came from the peer. */
sealed interface Event {

    /** A whole message: joined, unmasked and inflated. */
    record Message(int opcode, byte[] payload) implements Event {
        boolean same(Message other) {
            return opcode == other.opcode && Arrays.equals(payload, other.payload);
        }
    }

    /** A Ping; the checker answers it, no case counts it. */
    record Ping(byte[] payload) implements Event {}

    /** A Pong. */
    record Pong(byte[] payload) implements Event {}

    /** A Close frame; the code is 1005 when it carried none. */
    record Close(int code, String reason) implements Event {}

    /** Not from the peer: a marked wait ended and the connection was still open. */
    record StillOpen() implements Event {}

    /** A rule that the peer's own bytes broke. */
    record Fault(String rule) implements Event {}

    /** A habit that no rule forbids in so many words, but a stricter peer does not have. */
    record Blemish(String habit) implements Event {}

    /** The connection ended: TCP, or the stream in its place. */
    record Ended(End how) implements Event {}

    /** How a connection ended. */
    enum End {
        /** It did not: the checker gave up waiting. */
        STILL_OPEN("stayed open"),
        FIN("ended"),
        RESET("was reset"),
        /** The checker ended it, as a server does after the closing handshake. */
        BY_CHECKER("ended");

        private final String words;

        End(String words) {
            this.words = words;
        }

        /** @param what has ended: TCP, or a stream of it */
        String words(String what) {
            return what + " " + words;
        }
    }

    default boolean same(Event other) {
        return switch (this) {
            case Message m -> other instanceof Message o && m.same(o);
            case Pong p -> other instanceof Pong o && Arrays.equals(p.payload, o.payload);
            case StillOpen s -> other instanceof StillOpen;
            default -> false;
        };
    }

    default String words() {
        return switch (this) {
            case Message m -> (m.opcode == Frame.TEXT ? "text " : "binary ") + Content.show(m.payload);
            case Ping p -> "ping " + Content.show(p.payload);
            case Pong p -> "pong " + Content.show(p.payload);
            case Close c -> c.code == 1005 ? "Close without a code" : "Close " + c.code + (c.reason.isEmpty() ? "" : " \"" + c.reason + '"');
            case StillOpen s -> "still open after the wait";
            case Fault f -> f.rule;
            case Blemish b -> b.habit;
            case Ended e -> e.how.words("TCP");
        };
    }
}
