package dev.duplex.netty;

import java.util.concurrent.CompletableFuture;

/**
 * The leaving of a batch of messages for the operating system: one stage, shared by all of them.
 *
 * <p>Batches that leave in the same write are chained; the first of the chain listens to that write for all.
 */
final class Departure extends CompletableFuture<Void> implements Written {
    private final Outbox outbox;
    private int bytes;
    private Departure next;

    Departure(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The chain with one more batch in front. */
    Departure with(Departure batch) {
        batch.next = this;
        return batch;
    }

    /** Says how many bytes the whole chain has. */
    Departure carrying(int chainBytes) {
        bytes = chainBytes;
        return this;
    }

    void fail(RuntimeException cause) {
        completeExceptionally(cause);
    }

    /** The whole chain has left. */
    void complete() {
        for (Departure d = this; d != null; d = d.next) {
            d.complete(null);
        }
    }

    /** Nothing of the chain will leave. */
    void fail() {
        for (Departure d = this; d != null; d = d.next) {
            d.fail(outbox.closedException());
        }
    }

    /** The write of the chain is over. */
    @Override
    public void ended(boolean isWritten) {
        if (isWritten) {
            complete();
        } else {
            fail();
        }
        outbox.left(bytes, isWritten);
    }

    /** A copy, so that one caller's cancelling or timeout is not everyone's. */
    @Override
    public CompletableFuture<Void> toCompletableFuture() {
        return copy();
    }
}
