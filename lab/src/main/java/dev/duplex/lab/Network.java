package dev.duplex.lab;

import java.time.Duration;

/**
 * What the fault proxy between client and server does, in each direction.
 *
 * @param delay how long every byte is under way
 * @param loss the share of packets that are lost, 0 to 0.5; what is lost comes a retransmission later
 */
public record Network(Duration delay, double loss) {
    /** No proxy at all. */
    public static final Network DIRECT = new Network(Duration.ZERO, 0);

    /** @throws IllegalArgumentException if something is out of its range */
    public Network {
        if (delay.isNegative() || delay.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException("a delay is at most 5 s");
        }
        if (!(loss >= 0 && loss <= 0.5)) {
            throw new IllegalArgumentException("a loss is 0 to 50 %");
        }
    }

    /** Whether there is no proxy. */
    public boolean isDirect() {
        return delay.isZero() && loss == 0;
    }
}
