package dev.duplex.conformance;

import java.util.stream.Collectors;

/** Compares what came with what should have come, and says so in one sentence. */
final class Judge {

    /** A verdict and its sentence. */
    record Judgement(Verdict verdict, String sentence) {}

    private Judge() {}

    static Judgement judge(Case judged, Course course) {
        String came = "came: " + course.words();
        String wanted = "; wanted: " + judged.outcomes().stream().filter(o -> o.verdict() == Verdict.PASS).map(Outcome::words).collect(Collectors.joining(" or ")) + ".";
        if (judged.is(Outcome.Ending.ANY)) {
            return new Judgement(Verdict.INFO, sentence(came + "."));
        }
        if (!course.fault.isEmpty()) {
            return new Judgement(Verdict.FAIL, sentence(came + wanted + limitHint(judged, course)));
        }
        for (Outcome outcome : judged.outcomes()) {
            Verdict verdict = outcome.reached(course.events) ? ending(outcome, course) : Verdict.FAIL;
            if (verdict != Verdict.FAIL) {
                boolean strict = course.blemish.isEmpty() && verdict == Verdict.PASS && outcome.verdict() == Verdict.PASS;
                return new Judgement(strict ? Verdict.PASS : Verdict.NON_STRICT, sentence(strict ? came + "." : came + wanted));
            }
        }
        return new Judgement(Verdict.FAIL, sentence(came + wanted + limitHint(judged, course)));
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String limitHint(Case judged, Course course) {
        boolean message = judged.is(Outcome.Ending.CLOSE);
        return message && course.close != null && course.close.code() == 1009 ? " The peer's message limit is in the way: raise it (the full set needs 16 MiB)." : "";
    }

    private static Verdict ending(Outcome outcome, Course course) {
        return switch (outcome.ending()) {
            case CLOSE, CLOSED -> closed(outcome, course);
            case FAIL -> failed(outcome, course);
            case SAID -> course.close == null ? Verdict.FAIL : failed(outcome, course);
            case GONE -> course.ended() ? Verdict.PASS : Verdict.FAIL;
            case ANY -> Verdict.INFO;
            case STATUS, REFUSE -> Verdict.FAIL;
        };
    }

    /** A closing handshake is clean when both Close frames were sent and TCP ended after them (RFC 6455 §7.1.4). */
    private static Verdict closed(Outcome outcome, Course course) {
        boolean code = course.close != null && (course.close.code() == 1005 || outcome.codes().contains(course.close.code()));
        if (!code || !course.closeSent || !course.ended()) {
            return Verdict.FAIL;
        }
        return course.end == Event.End.RESET ? Verdict.NON_STRICT : Verdict.PASS;
    }

    private static Verdict failed(Outcome outcome, Course course) {
        if (!course.ended()) {
            return Verdict.FAIL;
        }
        if (course.close == null) {
            return Verdict.PASS;
        }
        return outcome.codes().contains(course.close.code()) ? Verdict.PASS : course.close.code() == 1005 ? Verdict.NON_STRICT : Verdict.FAIL;
    }
}
