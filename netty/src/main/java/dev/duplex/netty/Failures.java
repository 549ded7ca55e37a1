package dev.duplex.netty;

import java.util.regex.Pattern;

/** What broke, in words for people. */
final class Failures {
    /** What Netty's native transports put before the system's words: {@code finishConnect(..) failed with error(-111): }. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private Failures() {}

    /** The first line of the innermost message, which says most. */
    static String told(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String line = message == null ? cause.getClass().getSimpleName() : message.lines().findFirst().orElse("");
        return NATIVE_CALL.matcher(line).replaceFirst("");
    }
}
