package dev.duplex.netty;

import dev.duplex.api.ClosedException;
import dev.duplex.protocol.CloseReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the peer for signs of life, and measures the round trip; used on the loop alone.
 *
 * <p>Whatever the peer sends is a sign of life. While this end itself does not read, nobody is called dead.
 */
final class Heartbeat {
    private static final long NEVER = Long.MAX_VALUE;

    /** A Ping under way; {@code asked} is null for the heartbeat's own. */
    private record Sent(long number, long nanos, CompletableFuture<Duration> asked) {}

    private final ConnectionOptions options;
    /** Null until the first Ping. */
    private Queue<Sent> sent;
    private long number;
    private long lastPingNanos;
    private long deadNanos = NEVER;
    private volatile Duration roundTrip;

    Heartbeat(ConnectionOptions options, long nowNanos) {
        this.options = options;
        lastPingNanos = nowNanos;
    }

    /** Something came. */
    void heard() {
        deadNanos = NEVER;
    }

    /** Whether a Ping is due. */
    boolean isDue(long nowNanos, boolean isPaused) {
        if (options.pingInterval().isZero()) {
            return false;
        }
        if (isPaused) {
            lastPingNanos = nowNanos;
            deadNanos = NEVER;
        }
        return nowNanos - lastPingNanos >= options.pingInterval().toNanos();
    }

    /** Whether the peer has been silent for too long after a Ping; to be asked after {@link #isDue}. */
    boolean isDead(long nowNanos) {
        return deadNanos != NEVER && nowNanos - deadNanos >= 0;
    }

    /** The payload of a new Ping: its number, so that an old Pong is not taken for a new one. */
    byte[] ping(long nowNanos, CompletableFuture<Duration> asked) {
        sent = sent != null ? sent : new ArrayDeque<>(2);
        sent.add(new Sent(++number, nowNanos, asked));
        if (asked == null) {
            lastPingNanos = nowNanos;
            deadNanos = deadNanos == NEVER ? nowNanos + options.pingWait().toNanos() : deadNanos;
        }
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** RFC 6455 §5.5.3: a peer may answer the latest Ping alone, so its Pong answers those before as well. */
    void pong(byte[] payload, long nowNanos) {
        if (payload.length != Long.BYTES) {
            return;
        }
        long answered = ByteBuffer.wrap(payload).getLong();
        if (sent == null || sent.isEmpty() || answered < sent.peek().number || answered > number) {
            return;
        }
        while (!sent.isEmpty() && sent.peek().number <= answered) {
            Sent ping = sent.remove();
            roundTrip = Duration.ofNanos(nowNanos - ping.nanos);
            if (ping.asked != null) {
                ping.asked.complete(roundTrip);
            }
        }
    }

    /** The last one measured, or null; any thread may ask. */
    Duration roundTrip() {
        return roundTrip;
    }

    /** No Pong can come any more. */
    void end(CloseReason reason) {
        for (Sent ping : sent != null ? sent : List.<Sent>of()) {
            if (ping.asked != null) {
                ping.asked.completeExceptionally(new ClosedException(reason));
            }
        }
        sent = null;
    }
}
