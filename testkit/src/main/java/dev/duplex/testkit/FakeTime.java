package dev.duplex.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A monotonic time that stands still until it is told; any thread may ask. */
public final class FakeTime implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong();

    /** Begins at zero. */
    public FakeTime() {}

    /** The time in nanoseconds. */
    @Override
    public long getAsLong() {
        return nanos.get();
    }

    /** Lets time pass. */
    public FakeTime advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time never goes back: " + duration);
        }
        nanos.addAndGet(duration.toNanos());
        return this;
    }
}
