package dev.duplex.lab;

import dev.duplex.api.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Measures one feed after the other over one carrier after the other, so that none takes the processor from another. */
public final class LabRun {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A sweep has many points; each is short. */
    private static final Duration POINT = Duration.ofSeconds(2);

    /** Enough for Java to compile what matters most. */
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private final LabPlan plan;
    private final LabObserver observer;
    private int done;

    /** A run; does nothing yet. */
    public LabRun(LabPlan plan, LabObserver observer) {
        this.plan = plan;
        this.observer = observer;
    }

    /**
     * Measures; may be interrupted.
     *
     * @throws LabFailedException if the server cannot be measured at all
     */
    public LabReport run() throws InterruptedException {
        try (Stand stand = new Stand(plan)) {
            for (Way way : plan.ways()) {
                measure(stand, way, plan.feed().withDirection(Direction.BOTH).withDuration(WARM_UP));
            }
            List<Measurement> feeds = new ArrayList<>();
            for (Direction direction : plan.directions()) {
                overAll(stand, plan.feed().withDirection(direction), feeds);
            }
            Feed point = plan.feed().withDuration(plan.feed().duration().compareTo(POINT) < 0 ? plan.feed().duration() : POINT);
            List<Measurement> bySize = new ArrayList<>();
            for (int size : plan.sweepSizes()) {
                overAll(stand, point.withSizeBytes(size), bySize);
            }
            List<Measurement> byRate = new ArrayList<>();
            for (int rate : plan.sweepRates()) {
                overAll(stand, point.withPerSecond(rate), byRate);
            }
            return LabReport.of(plan, feeds, bySize, byRate);
        }
    }

    private void overAll(Stand stand, Feed feed, List<Measurement> into) throws InterruptedException {
        for (Way way : plan.ways()) {
            observer.begins(done++, plan.measurements(), way, feed);
            into.add(measure(stand, way, feed));
        }
    }

    private Measurement measure(Stand stand, Way way, Feed feed) throws InterruptedException {
        FeedClient client = new FeedClient(feed);
        client.clockOffset(stand.clockOffsetNanos());
        Stand.Reading before = stand.read();
        Connection connection;
        try {
            connection = stand.dialer().open(way, stand.address(way, feed), client).toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CompletionException failed) {
            return Measurement.unable(way, feed, String.valueOf(failed.getCause().getMessage()));
        } catch (TimeoutException late) {
            return Measurement.unable(way, feed, "it did not open within " + PATIENCE.toSeconds() + " s");
        }
        try {
            if (way == Way.WEBSOCKET_COMPRESSED && connection.opening().headers().first("Sec-WebSocket-Extensions").isEmpty()) {
                return Measurement.unable(way, feed, "the server does not compress; start it with --compress --compress-threshold 0");
            }
            return measure(stand, way, feed, client, connection, before);
        } finally {
            connection.close();
            connection.closed().toCompletableFuture().completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            stand.dialer().endFeed();
        }
    }

    private static Measurement measure(Stand stand, Way way, Feed feed, FeedClient client, Connection connection, Stand.Reading before)
            throws InterruptedException {
        Stand.Reading start = stand.read();
        // The server adds what it is told to its clock: our times then mean the same there.
        connection.send("start " + -stand.clockOffsetNanos());
        Publisher publisher = feed.direction() == Direction.PUSH ? null : Publisher.start(feed, connection);
        client.awaitAll(feed.duration().plus(stand.grace()));
        Arrivals up = feed.direction() == Direction.BOTH ? atServer(stand, feed, client, connection) : null;
        Stand.Reading end = stand.read();
        if (publisher != null) {
            publisher.stop();
        }
        if (client.ended() != null) {
            return Measurement.unable(way, feed, "the connection was closed: " + client.ended());
        }
        Arrivals down = client.arrivals();
        return new Measurement(way, feed, start.counts().since(before.counts()), end.counts().since(start.counts()),
                Duration.ofNanos(end.nanos() - start.nanos()), down.count() + (up == null ? 0 : up.count()), down.wrong() + (up == null ? 0 : up.wrong()),
                down.latency(), up == null ? null : up.latency(), cpu(start, end),
                end.serverCpuNanos() < 0 ? null : Duration.ofNanos(end.serverCpuNanos() - start.serverCpuNanos()), null);
    }

    /** The system counts a process in steps of 10 ms and the meter's thread exactly, so that little may come out below zero. */
    private static Duration cpu(Stand.Reading start, Stand.Reading end) {
        Duration cpu = end.clientCpu().minus(start.clientCpu());
        return cpu.isNegative() ? Duration.ZERO : cpu;
    }

    /** What came at the server, asked until it is all: some of it may still be under way when ours is complete. */
    private static Arrivals atServer(Stand stand, Feed feed, FeedClient client, Connection connection) throws InterruptedException {
        long last = System.nanoTime() + feed.duration().plus(stand.grace()).toNanos();
        Arrivals arrivals = new Arrivals();
        while (arrivals.count() < feed.messages() && System.nanoTime() < last && client.ended() == null) {
            connection.send("end");
            String words = client.awaitWords(stand.grace());
            arrivals = words != null && words.startsWith("end ") ? Arrivals.parse(words.substring(4)) : arrivals;
            if (arrivals.count() < feed.messages()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return arrivals;
    }
}
