package dev.duplex.api;

import java.time.Duration;

/**
 * What the operating system knows of the transport below a connection, at one moment.
 *
 * @param roundTrip its smoothed estimate of the time from here to the next end of TCP and back: to a proxy, if there is one
 * @param variation how much that varies
 * @param retransmissions segments that had to be sent again since the beginning
 * @param unacknowledged segments that were sent and are not acknowledged yet
 */
public record TransportInfo(Duration roundTrip, Duration variation, long retransmissions, long unacknowledged) {}
