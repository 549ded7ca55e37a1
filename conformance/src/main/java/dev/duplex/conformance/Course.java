package dev.duplex.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What happened in one case, as far as the checker saw it. */
final class Course {
    private static final int SHOWN_EVENTS = 6;
    final List<Event> events = new ArrayList<>();
    private final String carrier;
    Event.Close close;
    Event.End end = Event.End.STILL_OPEN;
    String fault = "";
    String blemish = "";
    boolean closeSent;

    /** @param carrier what carries it: TCP, or a stream */
    Course(String carrier) {
        this.carrier = carrier;
    }

    void add(Event event) {
        switch (event) {
            case Event.Close c -> close = c;
            case Event.Ended e -> end = end == Event.End.BY_CHECKER ? end : e.how();
            case Event.Fault f -> fault = fault.isEmpty() ? f.rule() : fault;
            case Event.Blemish b -> blemish = b.habit();
            case Event.Ping p -> { }
            default -> events.add(event);
        }
    }

    boolean ended() {
        return end != Event.End.STILL_OPEN;
    }

    String words() {
        List<String> parts = new ArrayList<>(events.stream().limit(SHOWN_EVENTS).map(Event::words).toList());
        if (events.size() > SHOWN_EVENTS) {
            parts.add((events.size() - SHOWN_EVENTS) + " more");
        }
        if (close != null) {
            parts.add(close.words());
        }
        if (!fault.isEmpty()) {
            parts.add(fault);
        }
        if (!blemish.isEmpty()) {
            parts.add(blemish);
        }
        parts.add(close == null && end == Event.End.FIN ? carrier + " ended without a Close" : end.words(carrier));
        return parts.stream().collect(Collectors.joining(", "));
    }
}
