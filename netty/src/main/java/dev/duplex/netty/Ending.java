package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends a TCP connection so that the last bytes reach the peer.
 *
 * <p>A socket that is closed while unread data waits in it answers with RST, and the peer's system throws away what it had
 * received, the Close frame with it. So:
 *
 * <pre>
 *   flush ──► close_notify, if TLS ──► half-close (FIN) ──► read and drop ──► close
 *                                               until FIN, 1 s of silence, 64 MiB or the close wait
 * </pre>
 */
final class Ending {
    private static final long NOT_YET = Long.MAX_VALUE;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DRAIN_BYTES = 64L * 1024 * 1024;

    private final Wire wire;
    private final Pulse pulse;
    private final Duration closeWait;
    private boolean hasBegun;
    private boolean hasInputEnded;
    private long flushEndNanos = NOT_YET;
    private long drainEndNanos = NOT_YET;
    private long drainLimitNanos;
    private long droppedBytes;

    /** @param closeWait how long the peer may take for what was written before, and then to end what it still sends */
    Ending(Wire wire, Pulse pulse, Duration closeWait) {
        this.wire = wire;
        this.pulse = pulse;
        this.closeWait = closeWait;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Begins, once, after everything was given to the wire. */
    void begin() {
        begin(Runnable::run);
    }

    /** Begins, once; {@code whenWritten} runs what it is given when the wire has been given everything. */
    void begin(Consumer<Runnable> whenWritten) {
        if (hasBegun) {
            return;
        }
        hasBegun = true;
        flushEndNanos = pulse.nanoTime() + closeWait.toNanos();
        wire.reads(true); // or the peer's FIN would not be seen
        whenWritten.accept(() -> wire.endOutput(this::halfClose));
    }

    /** Ends now. */
    void cut() {
        wire.cut();
    }

    /** Drops what still comes. */
    void drop(ByteBuf read) {
        droppedBytes += read.readableBytes();
        read.release();
        if (droppedBytes > DRAIN_BYTES) {
            wire.close();
        } else if (drainEndNanos != NOT_YET) {
            drainEndNanos = Math.min(pulse.nanoTime() + DRAIN_NANOS, drainLimitNanos); // it is still busy sending, and reads the Close behind that
        }
    }

    /** The peer's FIN has come. */
    void inputEnded() {
        hasInputEnded = true;
        if (drainEndNanos != NOT_YET) {
            wire.close();
        }
    }

    void beat(long nowNanos) {
        long end = drainEndNanos != NOT_YET ? drainEndNanos : flushEndNanos;
        if (end != NOT_YET && nowNanos - end >= 0) {
            cut();
        }
    }

    private void halfClose() {
        if (hasInputEnded || !wire.halfClose()) {
            wire.close();
            return;
        }
        long now = pulse.nanoTime();
        drainLimitNanos = now + closeWait.toNanos();
        drainEndNanos = Math.min(now + DRAIN_NANOS, drainLimitNanos);
    }
}
