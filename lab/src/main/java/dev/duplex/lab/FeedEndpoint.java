package dev.duplex.lab;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server's side of a feed: {@code /lab/feed?direction=push&rate=100&size=125&millis=3000}, over whatever carrier.
 *
 * <p>A client says {@code start} and gets its messages; {@code clock} is answered with the time, {@code end} with what came
 * here. Everything has a bound: see {@link Feed}, and {@link #MOST_FEEDS}.
 */
public final class FeedEndpoint implements Endpoint {
    /** Feeds at once; one more is refused with 503. */
    public static final int MOST_FEEDS = 32;

    private final AtomicInteger feeds = new AtomicInteger();

    /** An endpoint without a feed yet. */
    public FeedEndpoint() {}

    @Override
    public Listener open(Opening opening) {
        if (feeds.get() >= MOST_FEEDS) {
            throw new Rejection(503, "there are " + MOST_FEEDS + " feeds already\n");
        }
        try {
            return new Feeder(Feed.of(opening::queryParameter));
        } catch (IllegalArgumentException wrong) {
            throw new Rejection(400, wrong.getMessage() + "\n");
        }
    }

    private final class Feeder implements Listener {
        private final Feed feed;
        private final Arrivals arrivals = new Arrivals();
        private Publisher publisher;
        private long clockOffsetNanos;

        Feeder(Feed feed) {
            this.feed = feed;
        }

        @Override
        public void onOpen(Connection connection) {
            if (feeds.incrementAndGet() > MOST_FEEDS) {
                connection.close(CloseReason.TRY_AGAIN_LATER, "too many feeds");
            }
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            FeedMessage one = FeedMessage.of(message.bytes());
            if (one != null) {
                arrivals.add(one, FeedMessage.now(), clockOffsetNanos);
                if (feed.direction() == Direction.REQUEST) {
                    connection.send(message);
                }
            } else {
                told(connection, message.isText() ? message.text().split(" ", 3) : new String[] {""});
            }
        }

        private void told(Connection connection, String[] words) {
            switch (words[0]) {
                case "start" -> start(connection, words.length > 1 ? words[1] : "0");
                case "head" -> connection.send("head " + RequestHead.bytes(connection.opening().path(), connection.opening().query(), connection.opening().headers()));
                case "end" -> connection.send("end " + arrivals.toLine());
                default -> connection.close(CloseReason.POLICY_VIOLATION, "start, end, head, or a message of the feed");
            }
        }

        private void start(Connection connection, String offset) {
            clockOffsetNanos = offset.matches("-?\\d{1,18}") ? Long.parseLong(offset) : 0;
            if (feed.direction() != Direction.REQUEST && publisher == null) {
                publisher = Publisher.start(feed, connection);
            }
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            feeds.decrementAndGet();
            if (publisher != null) {
                publisher.stop();
            }
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }
}
