package dev.duplex.conformance;

import java.util.List;

/**
 * The verdict on one case, with the sentence that explains it.
 *
 * @param id the case number, such as {@code 6.4.1}
 * @param group the name of its group, such as {@code Fail fast on invalid UTF-8}
 * @param title what the case does
 * @param section the rule that it tests, such as {@code RFC 6455 §5.5}
 * @param sentence what came, and what should have come
 * @param millis how long the case took
 * @param wire what went over the wire, one line a frame
 */
public record Result(String id, String group, String title, String section, Verdict verdict, String sentence, long millis, List<String> wire) {
    public Result {
        wire = List.copyOf(wire);
    }

    /** Whether there was anything to judge: over HTTP/2 some cases are not played. */
    public boolean isPlayed() {
        return !sentence.equals(Report.OF_HTTP_1);
    }
}
