package dev.duplex.cli;

import dev.duplex.api.Connection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Pings each connection at an interval and shows the round trips. */
final class Pings {
    private final Duration interval;
    private final Screen screen;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("duplex-pings").daemon().factory());

    Pings(Duration interval, Screen screen) {
        this.interval = interval;
        this.screen = screen;
    }

    /** Begins with a connection, until it ends. */
    void start(Connection connection) {
        ScheduledFuture<?> beat = clock.scheduleAtFixedRate(() -> ping(connection), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        connection.closed().thenRun(() -> beat.cancel(false));
    }

    private void ping(Connection connection) {
        if (connection.isOpen()) {
            connection.ping().thenAccept(roundTrip -> screen.aside("round trip " + Durations.inMillis(roundTrip)));
        }
    }
}
