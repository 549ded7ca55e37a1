package dev.duplex.signalling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One peer's place in a room: its name, the token that resumes it, and its lease; used on the owner alone.
 *
 * <pre>
 *   last sign of life ─────────────── 32 s, asked for each 1.5 s ───────────────► gone
 *   connection lost   ───────────── 30 s ─────────────► gone
 * </pre>
 *
 * <p>Whichever comes first. So a peer whose line is cut is gone within 33 s, and one that comes back within 30 s finds its seat.
 */
final class Seat {
    static final Duration LEASE = Duration.ofSeconds(32);
    static final Duration RESUMABLE = Duration.ofSeconds(30);

    private final int number;
    private final String name;
    private final String token;
    private final Bucket rate;
    private final Queue<String> kept = new ArrayDeque<>();
    private long keptBytes;
    private Visitor visitor;
    private long heardNanos;
    private long lostNanos;

    /** @param number counts the peers that ever sat in the room */
    Seat(int number, String name, String token, Visitor visitor, Bucket rate) {
        this.number = number;
        this.name = name;
        this.token = token;
        this.rate = rate;
        seat(visitor);
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    String token() {
        return token;
    }

    /** Takes time that tells nothing of the token. */
    boolean isFor(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }

    /** Which part in a perfect negotiation this peer has against another: who came later gives way. */
    String roleAgainst(Seat other) {
        return number > other.number ? "polite" : "impolite";
    }

    boolean isAway() {
        return visitor == null;
    }

    Visitor visitor() {
        return visitor;
    }

    /** Gives the seat to a connection, and takes it from the one before. */
    void seat(Visitor next) {
        if (visitor != null) {
            visitor.sit(null);
        }
        visitor = next;
        next.sit(this);
    }

    /** The connection is lost; the seat waits. */
    void lose(long nowNanos) {
        heardNanos = visitor.heardNanos();
        lostNanos = nowNanos;
        visitor.sit(null);
        visitor = null;
    }

    boolean isExpired(long nowNanos) {
        if (visitor != null) {
            return nowNanos - visitor.heardNanos() >= LEASE.toNanos();
        }
        return nowNanos - lostNanos >= RESUMABLE.toNanos() || nowNanos - heardNanos >= LEASE.toNanos();
    }

    /** Whether its next message is within its rate. */
    boolean mayRelay(long nowNanos) {
        return rate.takes(1, nowNanos);
    }

    /** Keeps a message until the peer is back; false if too much is kept already. */
    boolean keep(String json, RoomLimits limits) {
        if (kept.size() >= limits.keptMessages() || keptBytes + json.length() > limits.keptBytes()) {
            return false;
        }
        kept.add(json);
        keptBytes += json.length();
        return true;
    }

    void sendKept() {
        kept.forEach(visitor::send);
        kept.clear();
        keptBytes = 0;
    }
}
