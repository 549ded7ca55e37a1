package dev.duplex.protocol;

/** A burst and a rate, as a bucket of tokens that fills with time as it is told. */
final class RateLimit {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long capacityNanos;
    private final long nanosPerToken;
    private final boolean refills;
    private long filledNanos;
    private long lastNanos; // of no matter before the first token is taken: the bucket is full

    /** @param burst tokens at the start and at most; @param perSecond how fast they come back, 0 for never */
    RateLimit(int burst, int perSecond) {
        // Tokens are kept as the time they take to come back: no fraction is ever lost.
        nanosPerToken = perSecond == 0 ? NANOS_PER_SECOND : NANOS_PER_SECOND / perSecond;
        capacityNanos = burst * nanosPerToken;
        filledNanos = capacityNanos;
        refills = perSecond > 0;
    }

    /** Takes a token; false if there is none. */
    boolean allows(long nowNanos) {
        if (refills) {
            filledNanos += Math.min(capacityNanos - filledNanos, Math.max(0, nowNanos - lastNanos));
        }
        lastNanos = nowNanos;
        if (filledNanos < nanosPerToken) {
            return false;
        }
        filledNanos -= nanosPerToken;
        return true;
    }
}
