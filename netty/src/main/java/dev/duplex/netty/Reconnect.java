package dev.duplex.netty;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * When to open a lost connection again: exponential backoff with full jitter.
 *
 * <p>Before attempt n the delay is drawn evenly from zero to {@code first × 2ⁿ⁻¹}, at most {@code most}: so a thousand
 * clients that lost the same server do not come back at the same moment. It does not try again after a close with 1000, 1008,
 * 3000 or 3003, nor after a handshake refused with 4xx, because the same would only happen again.
 *
 * @param first the upper end of the first delay; 0.5 s
 * @param most the upper end of all delays; 30 s
 * @param settled how long a connection must have been open for the delays to begin anew; 10 s, against servers that accept and
 *     close at once
 * @param onAttempt is told before each delay, on the thread that found the loss
 */
public record Reconnect(Duration first, Duration most, Duration settled, Consumer<Attempt> onAttempt) {

    /**
     * Another try to open a connection.
     *
     * @param number 1 for the first after an open connection was lost, or after the very first could not be opened
     * @param delay how long it is waited before
     * @param cause why the last one ended: a {@link dev.duplex.api.ClosedException} or a {@link ConnectFailedException}
     */
    public record Attempt(int number, Duration delay, RuntimeException cause) {}

    private static final Reconnect STANDARD =
            new Reconnect(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(10), attempt -> {});

    /** Checks that the durations are positive. */
    public Reconnect {
        if (!first.isPositive() || !most.isPositive() || settled.isNegative()) {
            throw new IllegalArgumentException("durations must be positive: " + first + ", " + most + ", " + settled);
        }
        Objects.requireNonNull(onAttempt, "onAttempt");
    }

    /** The defaults named above. */
    public static Reconnect standard() {
        return STANDARD;
    }

    /** The same, telling each attempt. */
    public Reconnect telling(Consumer<Attempt> listener) {
        return new Reconnect(first, most, settled, listener);
    }
}
