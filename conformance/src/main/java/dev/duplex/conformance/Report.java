package dev.duplex.conformance;

import java.util.List;
import java.util.stream.Collectors;

/**
 * All results of one agent.
 *
 * @param agent the name of what was checked
 * @param role {@code server} or {@code client}: what was checked
 * @param http the version of HTTP that opened the WebSockets: {@code 1.1} or {@code 2}
 * @param death how the agent died during the check; empty when it lived
 */
public record Report(String agent, String role, String http, String death, List<Result> results) {
    /** Why a case is not played over HTTP/2. */
    static final String OF_HTTP_1 = "Not played over HTTP/2: its opening is one that only HTTP/1.1 has.";

    private static final int NAMED_CASES = 5;

    public Report {
        results = List.copyOf(results);
    }

    /** How many cases ended so. */
    public long count(Verdict verdict) {
        return results.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** Whether anything failed, or the agent died. */
    public boolean failed() {
        return !death.isEmpty() || count(Verdict.FAIL) > 0;
    }

    /** One line with the counts, and a line more for what explains many failures at once. */
    public String summary() {
        String counts = List.of(Verdict.values()).stream().map(v -> count(v) + " " + v.label()).collect(Collectors.joining(", "));
        return agent + ": " + counts + (death.isEmpty() ? "" : "\n" + death) + leftOut() + limits();
    }

    private String leftOut() {
        long count = results.stream().filter(r -> !r.isPlayed()).count();
        return count == 0 ? "" : "\n" + count + " of the INFO are openings that only HTTP/1.1 has: they were not played over HTTP/2.";
    }

    private String limits() {
        List<String> ids = results.stream().filter(r -> r.verdict() == Verdict.FAIL && r.sentence().contains("message limit is in the way")).map(Result::id).toList();
        if (ids.isEmpty()) {
            return "";
        }
        String named = ids.stream().limit(NAMED_CASES).collect(Collectors.joining(", ")) + (ids.size() > NAMED_CASES ? ", ..." : "");
        return "\n" + ids.size() + " of the failures (" + named + ") are Close 1009: the " + role + "'s message limit is too small for them. "
                + "Raise it to 16 MiB, or check with smaller messages.";
    }
}
