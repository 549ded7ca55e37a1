package dev.duplex.conformance;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One way in which a case may end, and the verdict that it earns.
 *
 * @param events what must come, in this order
 * @param codes the close codes, or the HTTP statuses, that are right
 * @param noise what may come besides, in any number
 */
record Outcome(Verdict verdict, List<Event> events, Ending ending, Set<Integer> codes, Noise noise) {

    /** What is not counted. */
    enum Noise { NOTHING, PONGS, EVERYTHING }

    /** Who ends the connection, and how. */
    enum Ending {
        /** The checker starts the closing handshake once the events have come. */
        CLOSE,
        /** The script has sent a Close: the peer answers it, and TCP ends cleanly. */
        CLOSED,
        /** The peer fails the connection: a Close with one of the codes, or none, then TCP ends. */
        FAIL,
        /** The peer fails the connection, and its Close with one of the codes really arrives. */
        SAID,
        /** TCP ends, whatever came before. */
        GONE,
        /** The opening handshake is answered with one of the statuses. */
        STATUS,
        /** The client does not accept the answer to its opening handshake. */
        REFUSE,
        /** Nothing is judged. */
        ANY
    }

    boolean reached(List<Event> came) {
        List<Event> counted = counted(came);
        if (counted.size() != events.size()) {
            return false;
        }
        for (int i = 0; i < events.size(); i++) {
            if (!events.get(i).same(counted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<Event> counted(List<Event> came) {
        return switch (noise) {
            case NOTHING -> came;
            case PONGS -> came.stream().filter(e -> !(e instanceof Event.Pong)).toList();
            case EVERYTHING -> List.of();
        };
    }

    String words() {
        String list = events.stream().map(Event::words).collect(Collectors.joining(", "));
        String end = switch (ending) {
            case CLOSE -> "a clean close with 1000";
            case CLOSED -> "a clean close with " + codesInWords();
            case FAIL -> "the connection failed with Close " + codesInWords();
            case SAID -> "a Close " + codesInWords() + " that arrives, then the end of the connection";
            case GONE -> "the end of the connection";
            case STATUS -> "HTTP status " + codesInWords();
            case REFUSE -> "a refusal";
            case ANY -> "anything";
        };
        return list.isEmpty() ? end : list + ", then " + end;
    }

    private String codesInWords() {
        return codes.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
    }
}
