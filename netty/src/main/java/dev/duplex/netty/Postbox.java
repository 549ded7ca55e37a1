package dev.duplex.netty;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What threads have posted to one connection, and who waits until more may be: a stack without a lock, which its loop takes whole and
 * turns around.
 *
 * <p>Part of the {@link Outbox}, not a thing of its own: what goes to thousands touches as few places in memory as it can.
 */
abstract sealed class Postbox permits Outbox {
    private static final AtomicReferenceFieldUpdater<Postbox, Posted> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(Postbox.class, Posted.class, "newest");
    private static final AtomicLongFieldUpdater<Postbox> BYTES = AtomicLongFieldUpdater.newUpdater(Postbox.class, "postedBytes");

    @SuppressWarnings("unchecked") // all futures have one class
    private static final AtomicReferenceFieldUpdater<Postbox, CompletableFuture<Void>> WAITING = AtomicReferenceFieldUpdater.newUpdater(
            Postbox.class, (Class<CompletableFuture<Void>>) (Class<?>) CompletableFuture.class, "waiting");

    private volatile Posted newest;
    private volatile long postedBytes;
    private volatile CompletableFuture<Void> waiting;
    private volatile boolean isOwingWord;

    /** The bytes that were posted and have not been counted off; any thread. */
    long postedBytes() {
        return postedBytes;
    }

    /** Counts more, or fewer; any thread. @return the bytes then */
    long countPosted(long change) {
        return BYTES.addAndGet(this, change);
    }

    /**
     * Posts; any thread. What leaves with the one before it shares that one's stage.
     *
     * @return whether it was empty, so that the loop is to be woken
     */
    boolean post(Posted posted) {
        Departure own = posted.departure;
        Posted before;
        do {
            before = newest;
            posted.next = before;
            posted.departure = posted.leavesWith(before) ? before.departure : own;
        } while (!NEWEST.compareAndSet(this, before, posted));
        return before == null;
    }

    /** All that was posted, the oldest first; null if there is nothing. */
    Posted takePosted() {
        return Posted.reversed(NEWEST.getAndSet(this, null));
    }

    /** Senders are to be told when there is room again; any thread. */
    void owesWord() {
        isOwingWord = true;
    }

    boolean isOwingWord() {
        return isOwingWord;
    }

    /** Completes when there is room again; any thread, which must look afterwards whether there is already. */
    CompletionStage<Void> word() {
        owesWord();
        return WAITING.updateAndGet(this, now -> now != null ? now : new CompletableFuture<>()).minimalCompletionStage();
    }

    /** From now on, whoever finds no room says so anew. */
    void forgetWord() {
        isOwingWord = false;
    }

    /** Nobody need wait, since there is room now, or will never be. */
    void tellWaiting() {
        CompletableFuture<Void> future = WAITING.getAndSet(this, null);
        if (future != null) {
            future.complete(null);
        }
    }
}
