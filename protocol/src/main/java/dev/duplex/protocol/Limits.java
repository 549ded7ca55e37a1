package dev.duplex.protocol;

/**
 * What a peer may make this end hold or do; each has a unit, a default and a reason.
 *
 * <p>Memory grows with what has arrived, never with what was announced. Times are nanoseconds as the carrier tells them.
 *
 * @param maxMessageBytes the largest whole message after inflation, in bytes; 1 MiB, because ordinary JSON fits and a flood
 *     of it does not; at most 2³¹−1−64. Streamed messages have no cap. Above it: 1009
 * @param maxFragments fragments of a message, empty ones counted; 1,024, plus one for each {@code bytesPerFragment} received,
 *     because limits on bytes alone let a flood of empty frames through. Above it: 1008
 * @param bytesPerFragment payload bytes that earn a message one more fragment; 32, so that 4 MiB in fragments of 64 bytes passes
 * @param messageDeadlineNanos time in which a frame or message, once begun, must end unless it keeps
 *     {@code minBytesPerSecond}; 30 s, because a message begun and then forgotten pins memory. Above it: 1008
 * @param minBytesPerSecond average rate that keeps a slow message alive beyond the deadline; 1,024
 * @param controlBurst Ping, Pong and Close frames that may come at once; 100, far above any honest heartbeat. Above it: 1008
 * @param controlPerSecond control frames per second after the burst; 20
 * @param messageBurst messages that may come at once; 0 switches the rate off, since only an endpoint knows its traffic
 * @param messagesPerSecond messages per second after the burst
 */
public record Limits(
        int maxMessageBytes,
        int maxFragments,
        int bytesPerFragment,
        long messageDeadlineNanos,
        int minBytesPerSecond,
        int controlBurst,
        int controlPerSecond,
        int messageBurst,
        int messagesPerSecond) {

    /** The largest {@link #maxMessageBytes}: 2³¹−1 less what an array's header may need. */
    public static final int LARGEST_MESSAGE_BYTES = Integer.MAX_VALUE - 64;

    private static final Limits DEFAULTS = new Limits(1 << 20, 1024, 32, 30_000_000_000L, 1024, 100, 20, 0, 0);

    /** Checks every range. */
    public Limits {
        require(maxMessageBytes >= 0 && maxMessageBytes <= LARGEST_MESSAGE_BYTES, "maxMessageBytes", maxMessageBytes);
        require(maxFragments >= 1, "maxFragments", maxFragments);
        require(bytesPerFragment >= 1, "bytesPerFragment", bytesPerFragment);
        require(messageDeadlineNanos > 0, "messageDeadlineNanos", messageDeadlineNanos);
        require(minBytesPerSecond >= 0, "minBytesPerSecond", minBytesPerSecond);
        require(controlBurst >= 1, "controlBurst", controlBurst);
        require(controlPerSecond >= 0, "controlPerSecond", controlPerSecond);
        require(messageBurst >= 0, "messageBurst", messageBurst);
        require(messagesPerSecond >= 0, "messagesPerSecond", messagesPerSecond);
    }

    /** The defaults named above. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /** These limits with another largest message, in bytes. */
    public Limits withMaxMessageBytes(int bytes) {
        return new Limits(bytes, maxFragments, bytesPerFragment, messageDeadlineNanos, minBytesPerSecond, controlBurst,
                controlPerSecond, messageBurst, messagesPerSecond);
    }

    /** These limits with another number of fragments. */
    public Limits withMaxFragments(int fragments) {
        return new Limits(maxMessageBytes, fragments, bytesPerFragment, messageDeadlineNanos, minBytesPerSecond, controlBurst,
                controlPerSecond, messageBurst, messagesPerSecond);
    }

    /** These limits with another deadline for a message once begun, in nanoseconds. */
    public Limits withMessageDeadlineNanos(long nanos) {
        return new Limits(maxMessageBytes, maxFragments, bytesPerFragment, nanos, minBytesPerSecond, controlBurst,
                controlPerSecond, messageBurst, messagesPerSecond);
    }

    /** These limits with another burst and rate of control frames. */
    public Limits withControlRate(int burst, int perSecond) {
        return new Limits(maxMessageBytes, maxFragments, bytesPerFragment, messageDeadlineNanos, minBytesPerSecond, burst,
                perSecond, messageBurst, messagesPerSecond);
    }

    /** These limits with another burst and rate of messages; a burst of 0 switches the rate off. */
    public Limits withMessageRate(int burst, int perSecond) {
        return new Limits(maxMessageBytes, maxFragments, bytesPerFragment, messageDeadlineNanos, minBytesPerSecond, controlBurst,
                controlPerSecond, burst, perSecond);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
