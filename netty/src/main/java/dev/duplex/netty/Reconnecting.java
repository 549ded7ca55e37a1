package dev.duplex.netty;

import dev.duplex.api.Connection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A connection that is opened again whenever it is lost, until it is closed here or there is no use in trying. */
public final class Reconnecting implements AutoCloseable {
    private final CompletableFuture<RuntimeException> ended = new CompletableFuture<>();

    Reconnecting() {}

    /** The connection that is open now, if one is. */
    public Optional<Connection> connection() {
        return Optional.empty();
    }

    /** Completes when no more attempt will be made, with why: a ClosedException or a {@link ConnectFailedException}. */
    public CompletionStage<RuntimeException> ended() {
        return ended.minimalCompletionStage();
    }

    /** Closes the connection with 1000 and opens no more. */
    @Override
    public void close() {}
}
