package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends the time in ISO 8601 to every connection, at once and then each second; nobody asks. */
final class TimeFeed implements Endpoint, AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("duplex-time").daemon().factory());

    @Override
    public Listener open(Opening opening) {
        return new Hearer();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private final class Hearer implements Listener {
        private Future<?> beat;

        @Override
        public void onOpen(Connection connection) {
            beat = clock.scheduleAtFixedRate(() -> connection.send(now()), 0, 1, TimeUnit.SECONDS);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            beat.cancel(false);
        }

        /** A time that cannot be delivered is soon replaced by the next. */
        @Override
        public Overflow overflow() {
            return Overflow.DROP;
        }
    }
}
