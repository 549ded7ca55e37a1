package dev.duplex.lab;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The client's side of one feed: counts what comes, and hands the server's other words to the one who asked for them. */
final class FeedClient implements Listener {
    private final Arrivals arrivals = new Arrivals();
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    private final CountDownLatch remaining;
    private volatile long clockOffsetNanos;
    private volatile CloseReason ended;

    FeedClient(Feed feed) {
        remaining = new CountDownLatch(feed.messages());
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        FeedMessage one = FeedMessage.of(message.bytes());
        if (one == null) {
            words.add(message.text());
            return;
        }
        arrivals.add(one, FeedMessage.now(), clockOffsetNanos);
        remaining.countDown();
    }

    @Override
    public void onClose(Connection connection, CloseReason reason) {
        ended = reason;
        while (remaining.getCount() > 0) {
            remaining.countDown();
        }
        words.add("closed");
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Why the connection ended; null if it stands. */
    CloseReason ended() {
        return ended;
    }

    /** What the server's clock shows more than ours. */
    void clockOffset(long nanos) {
        clockOffsetNanos = nanos;
    }

    /** Waits until every message came, or the connection ended. @return false if they did not in time */
    boolean awaitAll(Duration atMost) throws InterruptedException {
        return remaining.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The server's next words; null if none come in time. */
    String awaitWords(Duration atMost) throws InterruptedException {
        return words.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
