package dev.duplex.cli;

/** What ends a command with one line on standard error instead of a stack trace. */
final class Complaint extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean isWrongUse;

    private Complaint(String message, boolean isWrongUse) {
        super(message, null, false, false);
        this.isWrongUse = isWrongUse;
    }

    /** Exit status 2: what was asked for cannot be done as it was asked. */
    static Complaint wrongUse(String message) {
        return new Complaint(message, true);
    }

    /** Exit status 1: it was tried and did not work. */
    static Complaint failure(String message) {
        return new Complaint(message, false);
    }

    boolean isWrongUse() {
        return isWrongUse;
    }
}
