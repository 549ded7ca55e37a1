package dev.duplex.netty;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Limits;
import java.time.Duration;
import java.util.Optional;

/**
 * What servers and clients set for a connection alike.
 *
 * @param limits what the peer may make this end hold or do
 * @param deflate the compression wanted; empty for none
 * @param pingInterval from one Ping to the next; zero for none
 * @param pingWait how long no byte may come after a Ping
 * @param highMarkBytes unsent bytes from which a connection is not writable
 * @param hardMarkBytes unsent bytes from which {@code Overflow} rules
 * @param handshakeDeadline for everything up to the open connection: TCP, TLS, HTTP
 * @param writeDeadline how long a peer may take none of the bytes that wait for it; zero for ever
 * @param closeWait how long a peer may take to answer a Close
 */
record ConnectionOptions(
        Limits limits,
        Optional<DeflateOptions> deflate,
        Duration pingInterval,
        Duration pingWait,
        int highMarkBytes,
        int hardMarkBytes,
        Duration handshakeDeadline,
        Duration writeDeadline,
        Duration closeWait) {

    /** The defaults; each has its reason at the builders. */
    static final ConnectionOptions STANDARD = new ConnectionOptions(
            Limits.defaults(),
            Optional.empty(),
            Duration.ofSeconds(25),
            Duration.ofSeconds(8),
            64 * 1024,
            1024 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));

    ConnectionOptions {
        if (highMarkBytes < 1 || hardMarkBytes < highMarkBytes) {
            throw new IllegalArgumentException(
                    "the high mark must be positive and at most the hard mark: " + highMarkBytes + ", " + hardMarkBytes);
        }
        requirePositive("handshakeDeadline", handshakeDeadline);
        if (writeDeadline.isNegative()) {
            throw new IllegalArgumentException("writeDeadline must not be negative: " + writeDeadline);
        }
        requirePositive("closeWait", closeWait);
        if (pingInterval.isNegative() || !pingInterval.isZero() && (pingWait.isNegative() || pingWait.isZero())) {
            throw new IllegalArgumentException("a ping needs a positive interval and wait: " + pingInterval + ", " + pingWait);
        }
    }

    /** Where a connection that was not writable is so again. */
    int lowMarkBytes() {
        return highMarkBytes / 2;
    }

    /** For what carries another connection, whose own options rule. */
    ConnectionOptions carrying() {
        return new ConnectionOptions(STANDARD.limits, Optional.empty(), Duration.ZERO, Duration.ZERO, STANDARD.highMarkBytes,
                STANDARD.hardMarkBytes, handshakeDeadline, writeDeadline, closeWait);
    }

    ConnectionOptions withLimits(Limits value) {
        return new ConnectionOptions(value, deflate, pingInterval, pingWait, highMarkBytes, hardMarkBytes, handshakeDeadline,
                writeDeadline, closeWait);
    }

    ConnectionOptions withDeflate(DeflateOptions value) {
        return new ConnectionOptions(limits, Optional.of(value), pingInterval, pingWait, highMarkBytes, hardMarkBytes,
                handshakeDeadline, writeDeadline, closeWait);
    }

    ConnectionOptions withPings(Duration interval, Duration wait) {
        return new ConnectionOptions(limits, deflate, interval, wait, highMarkBytes, hardMarkBytes, handshakeDeadline,
                writeDeadline, closeWait);
    }

    ConnectionOptions withMarks(int highBytes, int hardBytes) {
        return new ConnectionOptions(limits, deflate, pingInterval, pingWait, highBytes, hardBytes, handshakeDeadline,
                writeDeadline, closeWait);
    }

    ConnectionOptions withHandshakeDeadline(Duration value) {
        return new ConnectionOptions(limits, deflate, pingInterval, pingWait, highMarkBytes, hardMarkBytes, value, writeDeadline,
                closeWait);
    }

    ConnectionOptions withWriteDeadline(Duration value) {
        return new ConnectionOptions(limits, deflate, pingInterval, pingWait, highMarkBytes, hardMarkBytes, handshakeDeadline,
                value, closeWait);
    }

    ConnectionOptions withCloseWait(Duration value) {
        return new ConnectionOptions(limits, deflate, pingInterval, pingWait, highMarkBytes, hardMarkBytes, handshakeDeadline,
                writeDeadline, value);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
