package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A listener that is told nothing before something has come back over its connection: a Pong, or a message. */
final class Proving implements Listener {
    private final Listener listener;
    private final Duration patience;
    private final CompletableFuture<Connection> proved;
    private boolean isProved;
    private boolean isAbandoned;

    /** @param proved completes once the listener was told that the connection is open; fails if nothing comes through */
    Proving(Listener listener, Duration patience, CompletableFuture<Connection> proved) {
        this.listener = Objects.requireNonNull(listener, "the endpoint gave no listener");
        this.patience = patience;
        this.proved = proved;
    }

    @Override
    public void onOpen(Connection connection) {
        connection.ping().toCompletableFuture().copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((roundTrip, failure) -> connection.owner().execute(() -> pinged(connection, failure)));
    }

    private void pinged(Connection connection, Throwable failure) {
        if (failure == null) {
            prove(connection);
        } else if (!isProved && !isAbandoned) {
            isAbandoned = true;
            connection.close(CloseReason.GOING_AWAY, "nothing comes through");
            proved.completeExceptionally(new ConnectFailedException("the WebSocket opened, but nothing comes through", null));
        }
    }

    private void prove(Connection connection) {
        if (isProved || isAbandoned) {
            return;
        }
        isProved = true;
        try {
            listener.onOpen(connection);
        } finally {
            proved.complete(connection);
        }
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        prove(connection);
        if (isProved) {
            listener.onMessage(connection, message);
        }
    }

    @Override
    public void onPart(Connection connection, Part part) {
        prove(connection);
        if (isProved) {
            listener.onPart(connection, part);
        }
    }

    @Override
    public void onWritable(Connection connection) {
        if (isProved) {
            listener.onWritable(connection);
        }
    }

    /** A server that closes at once has come through, too. */
    @Override
    public void onClose(Connection connection, CloseReason reason) {
        if (reason.initiator() == CloseReason.Initiator.PEER) {
            prove(connection);
        }
        if (isProved) {
            listener.onClose(connection, reason);
        } else if (!isAbandoned) {
            isAbandoned = true;
            proved.completeExceptionally(new ConnectFailedException("the WebSocket opened, but nothing came through: " + reason, null));
        }
    }

    @Override
    public boolean wantsParts() {
        return listener.wantsParts();
    }

    @Override
    public Overflow overflow() {
        return listener.overflow();
    }
}
