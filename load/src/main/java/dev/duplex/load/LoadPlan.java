package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a load is to be.
 *
 * @param uri {@code ws} or {@code wss}
 * @param mode what the connections do
 * @param connections how many are open at once, 1 or more; in a broadcast the listeners
 * @param depth messages of a connection under way at once, 1 or more; has no meaning with a rate
 * @param perSecond messages to send in a second over all connections, answered or not; 0 to send as answers come
 * @param payload what each message holds
 * @param deflates whether compression is offered, insisted on, and used for every message
 * @param warmUp load before the measurement
 * @param duration of the measurement
 * @param loops event loops, each a thread
 * @param isInsecure whether any certificate will do
 * @param tls what is shown to a server, and whom to trust; empty for nothing, and the system's trust or any
 * @param headers more fields of each opening request
 * @param via how the server is reached
 * @param streams WebSockets on one connection of HTTP/2 at the most, fewer if the server allows fewer; 0 for HTTP/1.1, a connection for each
 */
public record LoadPlan(
        URI uri,
        LoadMode mode,
        int connections,
        int depth,
        double perSecond,
        Payload payload,
        boolean deflates,
        Duration warmUp,
        Duration duration,
        int loops,
        boolean isInsecure,
        Optional<SSLContext> tls,
        Headers headers,
        Via via,
        int streams) {

    /** For {@link #streams}: as many as the server allows. */
    public static final int AS_MANY_AS_ALLOWED = Integer.MAX_VALUE;

    /** More than any one machine sends. */
    static final double MOST_PER_SECOND = 1e7;

    /** Checks every range. */
    public LoadPlan {
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(via, "via");
        ClientHandshake.of(uri, List.of(), Optional.empty(), headers);
        requireOneOrMore("connections", connections);
        requireOneOrMore("depth", depth);
        requireOneOrMore("loops", loops);
        if (streams < 0) {
            throw new IllegalArgumentException("a connection has 1 stream or more, not " + streams);
        }
        if (!(perSecond >= 0 && perSecond <= MOST_PER_SECOND)) {
            throw new IllegalArgumentException("a rate is at least 0 and at most 10000000 a second, not " + perSecond);
        }
        if (perSecond > 0 && !mode.hasMessages()) {
            throw new IllegalArgumentException("a rate is of messages, and this mode sends none");
        }
        if (duration.isZero() || duration.isNegative() || warmUp.isNegative()) {
            throw new IllegalArgumentException("a duration must be more than nothing, and a warm-up no less");
        }
    }

    /** An echo of 125 bytes of text over 10 connections, one at a time on each, for 10 s after 2 s of warm-up. */
    public static LoadPlan of(URI uri) {
        return new LoadPlan(uri, LoadMode.ECHO, 10, 1, 0, Payload.text(125), false,
                Duration.ofSeconds(2), Duration.ofSeconds(10), 1, false, Optional.empty(), Headers.empty(), new Via.Direct(), 0);
    }

    /** The same in another mode. */
    public LoadPlan with(LoadMode other) {
        return new LoadPlan(uri, other, connections, depth, perSecond, payload, deflates, warmUp, duration, loops, isInsecure, tls, headers, via, streams);
    }

    /** The same with so many connections, and so many messages under way on each. */
    public LoadPlan with(int newConnections, int newDepth) {
        return new LoadPlan(uri, mode, newConnections, newDepth, perSecond, payload, deflates, warmUp, duration, loops, isInsecure, tls, headers, via, streams);
    }

    /** The same with other messages. */
    public LoadPlan with(Payload other, boolean compressed) {
        return new LoadPlan(uri, mode, connections, depth, perSecond, other, compressed, warmUp, duration, loops, isInsecure, tls, headers, via, streams);
    }

    /** The same as an open load: so many messages a second. */
    public LoadPlan withRate(double newPerSecond) {
        return new LoadPlan(uri, mode, connections, depth, newPerSecond, payload, deflates, warmUp, duration, loops, isInsecure, tls, headers, via, streams);
    }

    /** The same over another time. */
    public LoadPlan lasting(Duration newWarmUp, Duration newDuration) {
        return new LoadPlan(uri, mode, connections, depth, perSecond, payload, deflates, newWarmUp, newDuration, loops, isInsecure, tls, headers, via, streams);
    }

    /** The same by another way. */
    public LoadPlan with(Via other) {
        return new LoadPlan(uri, mode, connections, depth, perSecond, payload, deflates, warmUp, duration, loops, isInsecure, tls, headers, other, streams);
    }

    /** The same over HTTP/2 (RFC 8441). @param newStreams WebSockets on one connection at the most, such as {@link #AS_MANY_AS_ALLOWED} */
    public LoadPlan overHttp2(int newStreams) {
        return new LoadPlan(uri, mode, connections, depth, perSecond, payload, deflates, warmUp, duration, loops, isInsecure, tls, headers, via, newStreams);
    }

    /** The same with any certificate accepted. */
    public LoadPlan insecure() {
        return new LoadPlan(uri, mode, connections, depth, perSecond, payload, deflates, warmUp, duration, loops, true, tls, headers, via, streams);
    }

    /** Whether its WebSockets are streams of HTTP/2. */
    public boolean isHttp2() {
        return streams > 0;
    }

    boolean isOpenLoop() {
        return perSecond > 0;
    }

    /** How many connections are opened before the load begins. */
    int openedFirst() {
        return switch (mode) {
            case ECHO, IDLE -> connections;
            case BROADCAST -> connections + 1;
            case HANDSHAKE -> 0;
        };
    }

    private static void requireOneOrMore(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(what + " must be 1 or more, not " + count);
        }
    }
}
