package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the column of a case table that says what may come back. */
final class Outcomes {
    private final Words words;
    private final List<Step> steps;
    private final int maxMessageBytes;

    private Outcomes(String column, List<Step> steps, int maxMessageBytes) {
        this.words = new Words(column);
        this.steps = steps;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The alternatives, the right ones first, those after {@code lenient} earn NON-STRICT. */
    static List<Outcome> parse(String column, List<Step> steps, int maxMessageBytes) {
        return new Outcomes(column, steps, maxMessageBytes).alternatives();
    }

    private List<Outcome> alternatives() {
        List<Outcome> outcomes = new ArrayList<>();
        Verdict verdict = Verdict.PASS;
        do {
            outcomes.add(outcome(verdict));
            if (words.take("lenient")) {
                verdict = Verdict.NON_STRICT;
            } else if (words.more() && !words.take("or")) {
                throw new IllegalArgumentException("'" + words.peek() + "' is not understood in: " + words);
            }
        } while (words.more());
        return outcomes;
    }

    private Outcome outcome(Verdict verdict) {
        List<Event> events = new ArrayList<>();
        Outcome.Ending ending = Outcome.Ending.CLOSE;
        Set<Integer> codes = new LinkedHashSet<>(Set.of(1000));
        Outcome.Noise noise = Outcome.Noise.NOTHING;
        do {
            String word = words.next();
            switch (word) {
                case "echo" -> events.addAll(echo(steps));
                case "open" -> events.add(new Event.StillOpen());
                case "pongs" -> noise = Outcome.Noise.PONGS;
                case "some" -> noise = Outcome.Noise.EVERYTHING;
                case "PONG" -> events.add(new Event.Pong(words.content(maxMessageBytes).bytes()));
                case "TEXT", "BIN" -> events.add(new Event.Message(Frame.opcode(word), words.content(maxMessageBytes).bytes()));
                default -> {
                    ending = ending(word);
                    codes = codes();
                }
            }
        } while (words.take(";"));
        return new Outcome(verdict, List.copyOf(events), ending, codes, noise);
    }

    private Outcome.Ending ending(String word) {
        return switch (word) {
            case "close" -> Outcome.Ending.CLOSE;
            case "closed" -> Outcome.Ending.CLOSED;
            case "fail" -> Outcome.Ending.FAIL;
            case "said" -> Outcome.Ending.SAID;
            case "gone" -> Outcome.Ending.GONE;
            case "status" -> Outcome.Ending.STATUS;
            case "refuse" -> Outcome.Ending.REFUSE;
            case "any" -> Outcome.Ending.ANY;
            default -> throw new IllegalArgumentException("'" + word + "' is no outcome in: " + words);
        };
    }

    private Set<Integer> codes() {
        Set<Integer> codes = new LinkedHashSet<>();
        while (words.atNumber()) {
            codes.add(words.number());
        }
        return codes.isEmpty() ? Set.of(1000) : codes;
    }

    /** What a right peer sends back for the data frames and pings of a script without faults. */
    private static List<Event> echo(List<Step> steps) {
        List<Event> events = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int opcode = 0;
        for (Step step : steps) {
            int times = step instanceof Step.Repeat r ? r.times() : 1;
            Step once = step instanceof Step.Repeat r ? r.step() : step;
            for (int i = 0; i < times && once instanceof Step.Send send; i++) {
                if (send.opcode() == Frame.PING) {
                    events.add(new Event.Pong(send.payload().bytes()));
                } else if (!Frame.isControl(send.opcode())) {
                    opcode = send.opcode() == Frame.CONTINUATION ? opcode : send.opcode();
                    message.writeBytes(send.payload().bytes());
                    if (send.fin()) {
                        events.add(new Event.Message(opcode, message.toByteArray()));
                        message.reset();
                    }
                }
            }
        }
        return events;
    }
}
