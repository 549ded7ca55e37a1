package dev.duplex.conformance;

/** Told of every result as it comes; called by one thread at a time. */
@FunctionalInterface
public interface Progress {
    /** One more case is judged. */
    void judged(String agent, Result result, int done, int total);
}
