package dev.duplex.load;

/** Someone who watches a load; called on the thread that runs it, and never slows the load itself. */
public interface LoadObserver {
    /** Watches nothing. */
    LoadObserver NONE = progress -> {};

    /** How it goes, twice a second. */
    void progress(LoadProgress progress);

    /** The measurement begins now. */
    default void begun() {}

    /** The measurement has ended just now. */
    default void ended() {}
}
