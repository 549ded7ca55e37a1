package dev.duplex.cli;

/** What the libraries underneath may write to standard error. */
final class Logging {
    private Logging() {}

    /** Errors alone, or with {@code verbose} warnings too; must come before the first logger is made. */
    static void set(boolean verbose) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "warn" : "error");
    }
}
