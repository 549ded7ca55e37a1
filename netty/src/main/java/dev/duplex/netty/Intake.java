package dev.duplex.netty;

import dev.duplex.protocol.Event;
import dev.duplex.protocol.WebSocketProtocol;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one connection has read and not yet handed over; reading stops while it is paused.
 *
 * <p>Bytes that were read before a pause stay here, unparsed, until reading goes on. Used on the loop alone.
 */
final class Intake {
    /** Paused by the application. */
    static final int BY_APPLICATION = 1;
    /** Paused until the peer has taken what it is owed ({@code Overflow.PAUSE}). */
    static final int BY_OVERFLOW = 2;

    private final Wire wire;
    private final WebSocketProtocol protocol;
    private final Pulse pulse;

    private ByteBuf current;
    private Queue<ByteBuf> waiting;
    private int pauses;
    private long pausedAt;
    private boolean hasEnded;
    private boolean hasToldEnd;

    Intake(Wire wire, WebSocketProtocol protocol, Pulse pulse) {
        this.wire = wire;
        this.protocol = protocol;
        this.pulse = pulse;
    }

    /** Takes over a buffer that was read just now. */
    void add(ByteBuf read) {
        if (current == null) {
            begin(read, pulse.latelyNanos());
        } else {
            waiting = waiting != null ? waiting : new ArrayDeque<>();
            waiting.add(own(read));
        }
    }

    /** What is left of the input gets a buffer of its own, if others want the one that it came in. */
    void keep() {
        if (current != null && current.refCnt() > 1) {
            int bytes = protocol.inputBytes();
            ByteBuf own = wire.alloc().directBuffer(bytes, bytes).writerIndex(bytes);
            protocol.moveInput(own.nioBuffer());
            current.release();
            current = own;
        }
    }

    private ByteBuf own(ByteBuf read) {
        if (read.refCnt() == 1) {
            return read;
        }
        ByteBuf own = wire.alloc().directBuffer(read.readableBytes()).writeBytes(read);
        read.release();
        return own;
    }

    /** The peer sends nothing more. */
    void end() {
        hasEnded = true;
    }

    /** The next event that may be handed over now, or null. */
    Event next() {
        // The end is told even if reading is paused, unless messages came before it that the application has not asked for.
        while (pauses == 0 || hasEnded && isUsedUp()) {
            Event event = protocol.next();
            if (event != null) {
                return event;
            }
            releaseCurrent();
            if (waiting != null && !waiting.isEmpty()) {
                begin(waiting.remove(), pulse.nanoTime());
            } else if (hasEnded && !hasToldEnd) {
                hasToldEnd = true;
                protocol.transportEnded();
            } else {
                return null;
            }
        }
        return null;
    }

    /** What is held while reading is paused. */
    long heldBytes() {
        long bytes = current == null ? 0 : current.capacity();
        if (waiting != null) {
            for (ByteBuf buffer : waiting) {
                bytes += buffer.capacity();
            }
        }
        return bytes;
    }

    boolean isPaused() {
        return pauses != 0;
    }

    void pause(int cause) {
        if (pauses == 0) {
            pausedAt = pulse.nanoTime();
            wire.reads(false);
        }
        pauses |= cause;
    }

    /** Takes one cause away. @return whether none is left, so that events may be handed over and then {@link #readOn} called */
    boolean resume(int cause) {
        if (pauses == 0) {
            return false;
        }
        pauses &= ~cause;
        if (pauses == 0) {
            // The peer's deadline stands still while this end does not read.
            protocol.extendDeadline(pulse.nanoTime() - pausedAt);
        }
        return pauses == 0;
    }

    /** Reads from the wire again, if nothing holds it back. */
    void readOn() {
        if (pauses == 0 && !wire.isReading()) {
            wire.reads(true);
        }
    }

    /** Forgets everything that was read, and every pause. */
    void drop() {
        pauses = 0;
        while (waiting != null && !waiting.isEmpty()) {
            waiting.remove().release();
        }
    }

    private boolean isUsedUp() {
        return protocol.needsInput() && (waiting == null || waiting.isEmpty());
    }

    private void begin(ByteBuf buffer, long nowNanos) {
        current = buffer;
        int at = buffer.readerIndex();
        int length = buffer.readableBytes();
        ByteBuffer bytes = buffer.nioBufferCount() == 1 ? buffer.internalNioBuffer(at, length) : buffer.nioBuffer(at, length);
        protocol.receive(bytes, nowNanos);
    }

    private void releaseCurrent() {
        if (current != null) {
            current.release();
            current = null;
        }
    }
}
