package dev.duplex.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was said to all, and how much of it was heard.
 *
 * <p>One event loop publishes; the listeners' loops read when each message was due, and add up deliveries.
 */
final class Broadcast {
    /** The latest moments are kept; a listener further behind is given up. */
    private static final int KEPT = 1 << 18;

    private final int listeners;
    private final AtomicLongArray due = new AtomicLongArray(KEPT);
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private volatile Runnable onDelivery = () -> {};

    Broadcast(int listeners) {
        this.listeners = listeners;
    }

    /** Whoever is told on every delivery, on the listener's loop. */
    void onDelivery(Runnable action) {
        onDelivery = action;
    }

    void publish(long dueNanos) {
        long number = published.get();
        due.set((int) (number % KEPT), dueNanos);
        published.set(number + 1);
    }

    long published() {
        return published.get();
    }

    /** When the message of this number was due, or -1 if there is none such, or none any more. */
    long due(long number) {
        long known = published.get();
        return number >= known || number < known - KEPT ? -1 : due.get((int) (number % KEPT));
    }

    void delivered(int count) {
        delivered.addAndGet(count);
        onDelivery.run();
    }

    /** How many messages have reached everyone, taken together. */
    long completed() {
        return delivered.get() / listeners;
    }
}
