package dev.duplex.signalling;

/** A burst and a rate, as a bucket that fills with time. */
final class Bucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double burst;
    private final double perNano;
    private double filled;
    private long lastNanos;

    Bucket(int burst, int perSecond, long nowNanos) {
        this.burst = burst;
        perNano = perSecond / NANOS_PER_SECOND;
        filled = burst;
        lastNanos = nowNanos;
    }

    /** Takes so much; false, and nothing taken, if there is not as much. */
    boolean takes(int amount, long nowNanos) {
        filled = Math.min(burst, filled + (nowNanos - lastNanos) * perNano);
        lastNanos = nowNanos;
        if (filled < amount) {
            return false;
        }
        filled -= amount;
        return true;
    }
}
