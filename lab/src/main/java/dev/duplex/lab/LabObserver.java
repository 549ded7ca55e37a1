package dev.duplex.lab;

/** Is told where a run stands; called on the thread that runs it. */
@FunctionalInterface
public interface LabObserver {
    /**
     * A measurement begins.
     *
     * @param done how many of {@code all} are done
     */
    void begins(int done, int all, Way way, Feed feed);
}
