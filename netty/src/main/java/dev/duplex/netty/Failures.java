package dev.duplex.netty;

import java.util.regex.Pattern;

/** What broke, in words for people. */
final class Failures {
    /** What Netty's native transports put before the system's words: {@code finishConnect(..) failed with error(-111): }. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private static final int SHOWN_CHARACTERS = 100;

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

    /**
     * A path for a line of the log, where a peer's characters must not forge another line, or its reader's terminal.
     *
     * @return visible ASCII, anything else as {@code \\}{@code u0000}; cut after 100 characters
     */
    static String shown(String path) {
        StringBuilder line = new StringBuilder();
        path.chars().limit(SHOWN_CHARACTERS)
                .forEach(c -> line.append(c > ' ' && c < 0x7f ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return line.append(path.length() > SHOWN_CHARACTERS ? "..." : "").toString();
    }
}
