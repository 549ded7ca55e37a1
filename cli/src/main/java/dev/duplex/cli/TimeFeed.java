package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends the time in ISO 8601 to every connection, at once and then each second; nobody asks. */
final class TimeFeed implements Endpoint, AutoCloseable {
    private final Set<Connection> listening = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("duplex-time").daemon().factory());

    TimeFeed() {
        clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public Listener open(Opening opening) {
        return new Listener() {
            @Override
            public void onOpen(Connection connection) {
                connection.send(now());
                listening.add(connection);
            }

            @Override
            public void onClose(Connection connection, CloseReason reason) {
                listening.remove(connection);
            }

            @Override
            public Overflow overflow() {
                return Overflow.DROP;
            }
        };
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void tick() {
        PreparedMessage once = PreparedMessage.of(Message.text(now()));
        listening.forEach(connection -> connection.send(once));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
