package dev.duplex.lab;

import dev.duplex.api.Connection;
import java.util.concurrent.locks.LockSupport;

/** Sends a feed's messages on a virtual thread, each at its time; it waits while the peer is slow, and then catches up. */
final class Publisher {
    private final Thread thread;
    private volatile boolean isStopped;
    private volatile int sent;

    private Publisher(Feed feed, Connection connection) {
        thread = Thread.ofVirtual().name("duplex-feed").unstarted(() -> publish(feed, connection));
    }

    static Publisher start(Feed feed, Connection connection) {
        Publisher publisher = new Publisher(feed, connection);
        publisher.thread.start();
        return publisher;
    }

    private void publish(Feed feed, Connection connection) {
        long start = System.nanoTime();
        int messages = feed.messages();
        for (int i = 0; i < messages && connection.isOpen() && !isStopped; i++) {
            awaitNanos(start + i * 1_000_000_000L / feed.perSecond());
            connection.send(FeedMessage.text(i, FeedMessage.now(), feed.sizeBytes()));
            sent = i + 1;
        }
    }

    private void awaitNanos(long due) {
        for (long wait = due - System.nanoTime(); wait > 0 && !isStopped; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    int sent() {
        return sent;
    }

    void stop() {
        isStopped = true;
        LockSupport.unpark(thread);
    }
}
