package dev.duplex.netty;

import dev.duplex.protocol.Output;
import dev.duplex.protocol.PreparedMessage;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * What one connection sends, from {@code send} on any thread to the wire.
 *
 * <pre>
 *   any thread ── post ──► newest … oldest ── drain, once a burst ──┐
 *   event loop ── send ─────────────────────────────────────────────┼─► gathered ── flush ──► leaving ──► left
 *                                deferred, while parts are sent ◄───┘
 * </pre>
 *
 * <p>What is small and leaves at once is copied into one buffer and is one write. A prepared message that is large, or has to
 * wait, is not copied: it goes by the {@link Backlog}, and so does all that comes behind it.
 *
 * <p>Posted bytes count from the call on, so that a sender sees its own backlog. There is no lock.
 */
final class Outbox extends Postbox implements Output {
    /** Above this many gathered bytes the loop flushes, though more is to come: as much as one write moves at once. */
    static final int FLUSH_BYTES = 64 * 1024;

    private static final int SMALLEST_CHUNK_BYTES = 512;

    /** From here on a prepared message is not copied for a connection: that would take longer than to count who writes it. */
    private static final int SHARED_BYTES = 4 * 1024;

    /** As much of smaller ones is copied before the peer must have taken it: what it does not take, it alone holds. */
    private static final int COPIED_BYTES = 16 * 1024;

    /** How many hard marks threads may post ahead of the loop before that counts as overflow too. */
    private static final int POSTED_HARD_MARKS = 16;

    private static final CompletionStage<Void> LEFT = CompletableFuture.completedStage(null);

    private final Wire wire;
    private final ConnectionOptions options;
    private final NettyCarrier carrier;
    private final Pulse pulse;

    private ByteBuf chunk;
    private int chunkBytes = SMALLEST_CHUNK_BYTES;
    private int gathered;
    /** Of the gathered bytes, those that are no copy. */
    private int gatheredShared;
    /** A prepared frame that leaves at once; null but while it is framed. */
    private byte[] alone;
    private boolean mayLeaveAlone;
    private int lastAlone = -1;
    /** Null while the wire is given everything. */
    private Backlog backlog;
    private Departure departure;
    private Queue<Posted> deferred;
    private boolean isFlushDue;

    /** Of the posted bytes, those framed and not yet counted off: once a burst, not once a message. */
    private int framedBytes;

    /** Flushed bytes that the operating system has not taken; written by the loop alone. */
    private volatile long leaving;

    /** Bytes that must leave until the last Pong has, if others waited before it: until then the peer gets no other one. */
    private long leavesBeforePong;


    Outbox(Wire wire, ConnectionOptions options, NettyCarrier carrier, Pulse pulse) {
        this.wire = wire;
        this.options = options;
        this.carrier = carrier;
        this.pulse = pulse;
    }

    // Any thread

    long bufferedBytes() {
        return postedBytes() + leaving + (carrier.isOnLoop() ? gathered : 0);
    }

    boolean isWritable() {
        return bufferedBytes() < options.highMarkBytes();
    }

    /** Whether the peer, or even the loop, is so far behind that the listener's policy rules. */
    boolean isOverflowing() {
        return leaving >= options.hardMarkBytes() || postedBytes() >= (long) POSTED_HARD_MARKS * options.hardMarkBytes();
    }

    /** Whether it is writable; if not, the carrier is told when it is. The loop alone. */
    boolean tellsWhenWritable() {
        if (postedBytes() + gathered + leaving >= options.highMarkBytes()) {
            owesWord();
        }
        return !isOwingWord();
    }

    CompletionStage<Void> writable() {
        if (isWritable() || !carrier.isOpen()) {
            return CompletableFuture.completedStage(null);
        }
        CompletionStage<Void> word = word();
        if (isWritable() || !carrier.isOpen()) {
            tellWaiting(); // what it waits for may have come before it waited
        }
        return word;
    }

    /** Leaves a message, a part or a Runnable to the loop; what one thread posts keeps its order. */
    CompletionStage<Void> post(Object what, int bytes) {
        if (countPosted(bytes) + leaving >= options.highMarkBytes()) {
            owesWord();
        }
        Posted post = new Posted(what, bytes, new Departure(this));
        if (post(post)) {
            wake();
        }
        return post.departure;
    }

    private void wake() {
        try {
            wire.loop().execute(this::drain);
        } catch (RejectedExecutionException loopHasEnded) {
            for (Posted p = takePosted(); p != null; p = p.next) {
                p.departure.fail(carrier.closedException());
            }
        }
    }

    // The loop alone

    private void drain() {
        for (Posted p = takePosted(); p != null; p = p.next) {
            if (p.what instanceof Runnable command) {
                command.run();
            } else {
                frameOrDefer(p, p.next == null || p.next.departure != p.departure);
            }
        }
        carrier.settle();
        flush();
        carrier.weigh();
    }

    /** Sends from the loop itself. */
    CompletionStage<Void> send(Object what, int bytes) {
        if (carrier.isSendingParts() && Posted.isWhole(what)) {
            Posted post = new Posted(what, bytes, new Departure(this));
            countPosted(bytes);
            frameOrDefer(post, true);
            return post.departure;
        }
        mayLeaveAlone = what instanceof PreparedMessage && isFirstOfMoment();
        try {
            if (!frame(what)) {
                return CompletableFuture.failedStage(carrier.closedException());
            }
        } catch (IllegalStateException misuse) {
            return CompletableFuture.failedStage(misuse);
        } finally {
            mayLeaveAlone = false;
        }
        if (alone != null) {
            return leaveAlone();
        }
        if (departure == null) {
            departure = new Departure(this);
        }
        Departure its = departure;
        sendDeferred();
        tellsWhenWritable();
        flushLater();
        return its;
    }

    /**
     * Whether a prepared message may leave at once: nothing waits or is gathered, and no other has left so at this moment.
     *
     * <p>So what goes to thousands needs no copy for each, and no second turn of all of them. The next ones of this moment leave together.
     */
    private boolean isFirstOfMoment() {
        if (gathered > 0 || leaving > 0 || backlog != null || carrier.flushesSoon() || lastAlone == pulse.moment()) {
            return false;
        }
        lastAlone = pulse.moment();
        return true;
    }

    /** What the peer takes at once needs neither a stage of its own nor counting among what waits. */
    private CompletionStage<Void> leaveAlone() {
        ByteBuf frame = pulse.sharedFrames().passing(alone);
        alone = null;
        int written = wire.writeNow(frame);
        carrier.sent(written);
        int rest = frame.readableBytes() - written;
        if (rest == 0) {
            return LEFT;
        }
        leaving += rest;
        tellsWhenWritable();
        Departure its = new Departure(this).carrying(rest);
        wire.write(wire.alloc().directBuffer(rest).writeBytes(frame, frame.readerIndex() + written, rest), its);
        carrier.weigh();
        return its;
    }

    /**
     * Frames what was posted, or defers it while a message in parts is under way.
     *
     * @param endsBatch whether the stage may leave with this message, since no more follow that share it
     */
    private void frameOrDefer(Posted post, boolean endsBatch) {
        if (carrier.isSendingParts() && Posted.isWhole(post.what)) {
            deferred = deferred != null ? deferred : new ArrayDeque<>();
            deferred.add(post);
            return;
        }
        framedBytes += post.bytes;
        try {
            if (!frame(post.what)) {
                post.departure.fail(carrier.closedException());
            } else if (endsBatch) {
                departure = departure == null ? post.departure : departure.with(post.departure);
            }
        } catch (IllegalStateException misuse) {
            post.departure.fail(misuse);
        }
        sendDeferred();
    }

    /** Sends what waited for the end of a message in parts; if the connection has ended, its stages fail. */
    void sendDeferred() {
        while (deferred != null && !deferred.isEmpty() && !carrier.isSendingParts()) {
            Posted post = deferred.remove();
            frameOrDefer(post, deferred.isEmpty() || deferred.peek().departure != post.departure);
        }
    }

    private boolean frame(Object what) {
        if (what instanceof PreparedMessage && gathered - gatheredShared >= COPIED_BYTES) {
            flush();
        }
        return carrier.frame(what);
    }

    /** Takes a prepared frame by reference, if it is large or the peer has not taken what was sent before. */
    @Override
    public boolean takes(byte[] frame) {
        if (leaving == 0 && frame.length < SHARED_BYTES) {
            alone = mayLeaveAlone ? frame : null;
            return mayLeaveAlone;
        }
        queueChunk();
        backlog().add(pulse.sharedFrames().hold(frame, wire.alloc(), carrier.budget()));
        gathered += frame.length;
        gatheredShared += frame.length;
        return true;
    }

    private Backlog backlog() {
        backlog = backlog != null ? backlog : new Backlog(wire, this);
        return backlog;
    }

    private void queueChunk() {
        if (chunk != null) {
            backlog().add(trimmed(chunk));
            chunk = null;
        }
    }

    @Override
    public ByteBuffer room(int bytes) {
        if (chunk != null && chunk.writableBytes() < bytes) {
            passChunk();
            chunkBytes = FLUSH_BYTES; // there is more than was expected
        }
        if (chunk == null) {
            chunk = chunkFor(Math.max(bytes, chunkBytes));
        }
        int at = chunk.writerIndex();
        chunk.writerIndex(at + bytes);
        gathered += bytes;
        return chunk.internalNioBuffer(at, bytes);
    }

    /** The loop's spare buffer is for what leaves at once; what has to wait behind other bytes gets one of its own. */
    private ByteBuf chunkFor(int bytes) {
        return leaving == 0 && backlog == null ? pulse.spare().take(bytes, wire.alloc()) : wire.alloc().directBuffer(bytes);
    }

    /** What waits is kept in a buffer of its size, since it counts as no more. */
    private ByteBuf trimmed(ByteBuf bytes) {
        int size = bytes.readableBytes();
        if (bytes.capacity() <= 2 * size) {
            return bytes;
        }
        ByteBuf own = wire.alloc().directBuffer(size).writeBytes(bytes);
        pulse.spare().giveBack(bytes);
        return own;
    }

    /** A full chunk of a larger frame leaves before the rest is framed, while the processor has it at hand; nobody is told in the middle of it. */
    private void passChunk() {
        ByteBuf full = chunk;
        int written = leaving == 0 && backlog == null ? wire.writeNow(full) : 0;
        chunk = null;
        if (written > 0) {
            gathered -= written;
            carrier.sent(written);
        }
        if (written == full.readableBytes()) {
            pulse.spare().giveBack(full);
        } else {
            backlog().add(trimmed(full.skipBytes(written)));
        }
    }

    /** One Pong at a time waits for a peer that takes nothing; while the peer reads, each Ping has its own. */
    @Override
    public boolean takesPong() {
        if (leavesBeforePong > 0) {
            return false;
        }
        leavesBeforePong = leaving == 0 ? 0 : leaving + gathered + 1;
        return true;
    }

    /** Copies bytes that are no frame: the head of the opening handshake. */
    void write(byte[] bytes) {
        room(bytes.length).put(bytes);
    }

    int gatheredBytes() {
        return gathered;
    }

    /** Gives everything that is gathered to the wire in one write. */
    void flush() {
        if (gathered == 0) {
            countFramed();
            tellIfDrained(); // of what was posted, all may have been refused
            return;
        }
        Departure all = departure;
        int bytes = gathered;
        if (bytes > gatheredShared) {
            chunkBytes = Math.clamp(bytes - gatheredShared, SMALLEST_CHUNK_BYTES, FLUSH_BYTES);
        }
        departure = null;
        gathered = 0;
        gatheredShared = 0;
        if (backlog != null) {
            leaving += bytes;
            queueChunk();
            countFramed();
            backlog.flush(all != null ? all : new Departure(this));
        } else {
            ByteBuf last = chunk;
            chunk = null;
            write(last, bytes, all);
        }
    }

    /** Most peers take all at once: then nothing has to wait, and the chunk is ready for the next. */
    private void write(ByteBuf chunk, int bytes, Departure all) {
        int written = leaving == 0 ? wire.writeNow(chunk) : 0;
        if (written == chunk.readableBytes()) {
            pulse.spare().giveBack(chunk);
            countFramed();
            carrier.sent(bytes);
            if (all != null) {
                all.complete();
            }
            haveLeft(bytes);
            return;
        }
        leaving += bytes;
        countFramed();
        wire.write(trimmed(chunk.skipBytes(written)), (all != null ? all : new Departure(this)).carrying(bytes));
    }

    /** Runs something when the wire has been given all that was flushed, unless it has ended before. */
    void whenWritten(Runnable then) {
        if (backlog != null) {
            backlog.whenWritten(then);
        } else {
            then.run();
        }
    }

    private void countFramed() {
        if (framedBytes != 0) {
            countPosted(-framedBytes);
            framedBytes = 0;
        }
    }

    /** Flushes when the loop has done what it is at, so that messages of one moment leave in one write. */
    void flushLater() {
        if (gathered >= FLUSH_BYTES) {
            flush();
        } else if (gathered + framedBytes > 0 && !isFlushDue && !carrier.flushesSoon()) {
            isFlushDue = true;
            pulse.flushSoon(this);
        }
    }

    /** What {@link #flushLater} has announced. */
    void flushNow() {
        isFlushDue = false;
        flush();
        carrier.weigh();
    }

    RuntimeException closedException() {
        return carrier.closedException();
    }

    /** A batch has left, or will never. */
    void left(long bytes, boolean isWritten) {
        leaving -= bytes;
        if (isWritten) {
            carrier.sent(bytes);
        }
        haveLeft(bytes);
    }

    private void haveLeft(long bytes) {
        if (backlog != null && backlog.isEmpty()) {
            backlog = null;
        } else if (backlog != null) {
            backlog.handOver();
        }
        if (leavesBeforePong > 0) {
            leavesBeforePong -= bytes;
            carrier.answerPing();
        }
        tellIfDrained();
    }

    /**
     * Forgets first, and then looks again: a thread that posts meanwhile counts first and then says that it waits, so that either
     * this sees its bytes, or what it said is not forgotten.
     */
    private void tellIfDrained() {
        if (!isOwingWord() || bufferedBytes() > options.lowMarkBytes()) {
            return;
        }
        forgetWord();
        if (bufferedBytes() > options.lowMarkBytes()) {
            owesWord();
        } else {
            tellWaiting();
            carrier.becameWritable();
        }
    }

    /** What is posted, gathered and leaving, but for what is shared. */
    long heldBytes() {
        return postedBytes() + gathered + leaving - (backlog != null ? backlog.savedBytes() : 0);
    }

    long leavingBytes() {
        return leaving;
    }

    /** Whether flushed bytes wait for the peer to take them. */
    boolean isLeaving() {
        return leaving > 0;
    }

    /** The connection has ended: nothing that waits will leave. */
    void end() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        gathered = 0;
        if (departure != null) {
            departure.fail();
            departure = null;
        }
        sendDeferred();
        tellWaiting();
    }
}
