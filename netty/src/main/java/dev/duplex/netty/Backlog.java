package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one connection has to write behind what its wire holds already: frames that many share, and buffers of its own.
 *
 * <pre>
 *   add ─► unflushed ── flush ──► flushed ──► portion ─► wire
 *                                             one at a time: the next when all of it is written
 * </pre>
 *
 * <p>A wire makes an entry and a promise of each buffer, and TLS a copy, encrypted; here it is a reference. So a peer that
 * does not read costs a portion and its references, and the frames are there once for all. Used on the loop alone.
 */
final class Backlog implements Written {
    /** What a frame that waits costs besides the frame: its place here, and the stage of its leaving. */
    static final int REFERENCE_BYTES = 64;
    /** As many buffers as one system call takes at little cost. */
    private static final int PORTION_BUFFERS = 16;
    /** One record of TLS, since what is encrypted is a copy. */
    private static final int TLS_SHARED_BYTES = 16 * 1024;

    private final Wire wire;
    private final Outbox outbox;
    /** In their order: {@code ByteBuf}, {@code SharedFrames.Frame}, {@code Departure} of what is before it, {@code Runnable}. */
    private final Queue<Object> waiting = new ArrayDeque<>();
    private int unflushedBytes;
    private long flushedBytes;
    private int portionBytes;
    /** Of the first buffer. */
    private int writtenBytes;
    private long sharedBytes;
    private int sharedFrames;

    Backlog(Wire wire, Outbox outbox) {
        this.wire = wire;
        this.outbox = outbox;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && unflushedBytes == 0;
    }

    /** Takes over a buffer. */
    void add(ByteBuf buffer) {
        waiting.add(buffer);
        unflushedBytes += buffer.readableBytes();
    }

    /** Takes over one hold of a frame. */
    void add(SharedFrames.Frame frame) {
        int bytes = frame.bytes().readableBytes();
        waiting.add(frame);
        unflushedBytes += bytes;
        sharedBytes += bytes;
        sharedFrames++;
    }

    /** What was added may be written; the stage completes when that is done. */
    void flush(Departure departure) {
        waiting.add(departure);
        flushedBytes += unflushedBytes;
        unflushedBytes = 0;
        handOver();
    }

    /** Runs something when all that was flushed so far is written; never, if it can't be. */
    void whenWritten(Runnable then) {
        waiting.add(then);
    }

    /** The bytes that were added and are not this connection's alone, less what its references cost. */
    long savedBytes() {
        return Math.max(0, sharedBytes - (long) sharedFrames * REFERENCE_BYTES);
    }

    /** Gives the wire the next portion, once it has written all that it had. */
    void handOver() {
        if (portionBytes > 0 || flushedBytes == 0 || outbox.leavingBytes() > flushedBytes) {
            return;
        }
        boolean isCopying = wire.isCopying();
        ByteBuf last = null;
        int at = writtenBytes;
        int buffers = 0;
        for (Object each : waiting) {
            ByteBuf whole = bufferOf(each);
            if (whole == null) {
                continue;
            }
            if (buffers++ == PORTION_BUFFERS || portionBytes == flushedBytes) {
                break;
            }
            if (last != null) {
                wire.queue(last);
            }
            int rest = whole.readableBytes() - at;
            boolean isCopied = isCopying && each instanceof SharedFrames.Frame;
            int bytes = isCopied ? Math.min(rest, TLS_SHARED_BYTES) : rest;
            last = whole.retainedSlice(whole.readerIndex() + at, bytes);
            portionBytes += bytes;
            if (isCopied && portionBytes >= TLS_SHARED_BYTES) {
                break;
            }
            at = 0;
        }
        if (last == null) {
            drop();
        } else {
            wire.write(last, this);
        }
    }

    private static ByteBuf bufferOf(Object waiting) {
        return switch (waiting) {
            case ByteBuf own -> own;
            case SharedFrames.Frame shared -> shared.bytes();
            default -> null;
        };
    }

    /** The portion was written, or the wire has ended. */
    @Override
    public void ended(boolean isWritten) {
        if (!isWritten) {
            drop();
            return;
        }
        int bytes = portionBytes;
        for (int left = bytes; !waiting.isEmpty(); ) {
            ByteBuf first = bufferOf(waiting.peek());
            int rest = first == null ? 0 : first.readableBytes() - writtenBytes;
            if (first != null && left < rest) {
                advance(left);
                break;
            }
            advance(rest);
            left -= rest;
            pass(waiting.remove());
        }
        flushedBytes -= bytes;
        portionBytes = 0;
        outbox.left(bytes, true);
    }

    private void advance(int bytes) {
        writtenBytes += bytes;
        if (waiting.peek() instanceof SharedFrames.Frame) {
            sharedBytes -= bytes;
        }
    }

    /** It is written. */
    private void pass(Object first) {
        switch (first) {
            case ByteBuf own -> own.release();
            case SharedFrames.Frame shared -> {
                shared.release();
                sharedFrames--;
            }
            case Departure departure -> departure.complete();
            case Runnable then -> then.run();
            default -> throw new IllegalStateException(String.valueOf(first));
        }
        writtenBytes = 0;
    }

    /** Nothing can be written any more; what is added still is dropped when it is flushed. */
    private void drop() {
        long bytes = flushedBytes;
        flushedBytes = 0;
        portionBytes = 0;
        sharedBytes = 0;
        for (Object each = waiting.poll(); each != null; each = waiting.poll()) {
            switch (each) {
                case Departure departure -> departure.fail();
                case Runnable never -> { }
                default -> pass(each);
            }
        }
        outbox.left(bytes, false);
    }
}
