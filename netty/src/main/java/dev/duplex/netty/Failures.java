package dev.duplex.netty;

/** What broke, in words for people. */
final class Failures {
    private Failures() {}

    /** The first line of the innermost message, which says most. */
    static String told(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }
}
