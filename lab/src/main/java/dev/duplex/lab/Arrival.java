package dev.duplex.lab;

/**
 * One message that came, over TCP or UDP.
 *
 * @param sequence its number, from 0
 * @param sentNanos when it was published, since 1970
 * @param receivedNanos when it was received, since 1970
 */
public record Arrival(int sequence, long sentNanos, long receivedNanos) {
    /** How long it was under way. */
    public double lateMillis() {
        return (receivedNanos - sentNanos) / 1e6;
    }
}
