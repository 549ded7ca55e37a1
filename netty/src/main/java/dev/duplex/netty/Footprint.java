package dev.duplex.netty;

import java.util.concurrent.TimeUnit;

/** What one connection holds, as the budget of its server knows it; used on the loop alone. */
final class Footprint {
    private static final long NOT_YET = Long.MAX_VALUE;

    /** How long more than a share may be held when memory is short: an ordinary message has come or gone by then. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private MemoryBudget budget;
    private long knownBytes;
    private long greedySinceNanos = NOT_YET;

    /** @param budget null where nobody counts, as at a client */
    Footprint(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Tells what is held now. @return whether it is more than this connection may take */
    boolean become(long bytes) {
        long change = bytes - knownBytes;
        if (budget == null || Math.abs(change) < MemoryBudget.STEP_BYTES) {
            return false;
        }
        knownBytes = bytes;
        budget.add(change);
        return change > 0 && budget.isUsedUp() && bytes > budget.shareBytes();
    }

    /** Nothing is held any more, and nothing will be. */
    void end() {
        if (budget != null) {
            budget.add(-knownBytes);
            knownBytes = 0;
            budget = null;
        }
    }

    /** Whether more than a share is being held for long, while newcomers find no room. */
    boolean isGreedy(long nowNanos) {
        if (knownBytes == 0 || !budget.isShort() || knownBytes <= budget.shareBytes()) {
            greedySinceNanos = NOT_YET;
        } else if (greedySinceNanos == NOT_YET) {
            greedySinceNanos = nowNanos;
        }
        return greedySinceNanos != NOT_YET && nowNanos - greedySinceNanos >= PATIENCE_NANOS;
    }
}
