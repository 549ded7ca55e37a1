package dev.duplex.protocol;

import java.nio.ByteBuffer;

/**
 * One WebSocket connection after its opening handshake: bytes in, events and bytes out (RFC 6455).
 *
 * <p>The four duties of a carrier, after every call:
 *
 * <ol>
 *   <li>write to the peer what went into the {@link Output};
 *   <li>if {@link #endsTransport}, flush, half-close, drain briefly and end the transport;
 *   <li>if {@link #state} is {@code CLOSE_SENT} or {@code ENDING}, see that a close timer runs which ends the transport;
 *   <li>after a receive, take events with {@link #next} until it returns null.
 * </ol>
 *
 * <p>When the transport has ended, by whomever, it calls {@link #transportEnded}. Not thread-safe: one owner, one thread.
 */
public final class WebSocketProtocol {
    private static final long NEVER = Long.MAX_VALUE;

    /**
     * An engine for one connection.
     *
     * @param role which end this is
     * @param limits what the peer may make this end hold or do
     * @param deflate the negotiated compression, or null; released by the engine at its end
     * @param output where frames are written
     */
    public WebSocketProtocol(Role role, Limits limits, PerMessageDeflate deflate, Output output) {}

    /** Hands messages over in parts instead of whole; before the first {@link #receive}. */
    public void receiveInParts() {}

    /** Shows each frame to {@code tap}; null for nobody. */
    public void tap(WireTap tap) {}

    /**
     * Takes what arrived; nothing is parsed before {@link #next}. Never throws for what the bytes hold.
     *
     * @param input read in the following calls of {@link #next} until they return null; it must stay valid until then, and the
     *     next {@code receive} must not come before; its content may be changed
     * @param nowNanos a monotonic time
     */
    public void receive(ByteBuffer input, long nowNanos) {}

    /**
     * The next event in what was received, or null if it is used up.
     *
     * <p>A carrier that must pause stops calling, and goes on later.
     */
    public Event next() {
        return null;
    }

    /** Whether what was received is used up, so that {@link #receive} may be called. */
    public boolean needsInput() {
        return true;
    }

    /** The transport has ended, by FIN, by RST or by this end: {@link #next} then gives what is left and {@link Event.Closed}. */
    public void transportEnded() {}

    /** Frames a message. @return false if a Close has been sent or received, and nothing was written */
    public boolean send(Message message) {
        return false;
    }

    /** Frames a prepared message; see {@link #send(Message)}. */
    public boolean send(PreparedMessage message) {
        return false;
    }

    /**
     * Frames a part as a fragment; see {@link #send(Message)}.
     *
     * @throws IllegalStateException if whole messages are sent between parts, or the kind changes within a message
     */
    public boolean send(Part part) {
        return false;
    }

    /** Whether a message in parts has begun and its last part has not been sent, so that no other may be. */
    public boolean isSendingParts() {
        return false;
    }

    /** Sends a Ping of at most 125 bytes. @return false as {@link #send(Message)} */
    public boolean ping(byte[] payload) {
        return false;
    }

    /** Sends a Pong that nobody asked for. @return false as {@link #send(Message)} */
    public boolean pong(byte[] payload) {
        return false;
    }

    /** Sends Close, once; nothing happens if one was sent or received. */
    public void close(CloseReason reason) {}

    /** Sends Close without code or reason, once. */
    public void close() {}

    /**
     * When {@link #expire} must be called next, in the nanoseconds that {@link #receive} was told; {@code Long.MAX_VALUE} for
     * never.
     */
    public long deadlineNanos() {
        return NEVER;
    }

    /** Checks the deadline of a message begun; fails the connection with 1008 if it is over. */
    public void expire(long nowNanos) {}

    /** Moves the deadline by a time in which this end itself did not read. */
    public void extendDeadline(long nanos) {}

    /** Where the connection stands. */
    public State state() {
        return State.OPEN;
    }

    /**
     * Whether this end must now end the transport: always when ENDING, but for a client after a clean handshake, which lets the
     * server go first (RFC 6455 §7.1.1).
     */
    public boolean endsTransport() {
        return false;
    }

    /** Why the connection ends, from ENDING on; null before. */
    public CloseReason closeReason() {
        return null;
    }
}
