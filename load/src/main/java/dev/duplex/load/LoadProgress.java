package dev.duplex.load;

import java.time.Duration;

/**
 * How a load goes.
 *
 * @param phase what it is doing
 * @param phaseElapsed how long it has been doing so
 * @param open connections open now
 * @param perSecond messages, deliveries or handshakes a second since the last report
 * @param p50 the median latency since the last report
 * @param p99 the latency that 1 in 100 exceeded since the last report
 */
public record LoadProgress(Phase phase, Duration phaseElapsed, int open, double perSecond, Duration p50, Duration p99) {

    /** The parts of a load, in order. */
    public enum Phase { OPENING, WARM_UP, MEASURING, ENDING }
}
