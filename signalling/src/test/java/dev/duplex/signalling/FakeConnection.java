package dev.duplex.signalling;

import dev.duplex.api.Connection;
import dev.duplex.api.Opening;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PreparedMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A connection that keeps what it is told, for tests without a socket. */
final class FakeConnection implements Connection {
    private final List<String> sent = new ArrayList<>();
    private final Queue<CompletableFuture<Duration>> pings = new ArrayDeque<>();
    private CloseReason closedWith;

    /** What was sent since this was last asked. */
    List<String> sent() {
        List<String> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    /** Answers every Ping, as a peer does that lives. */
    void pong() {
        for (CompletableFuture<Duration> ping = pings.poll(); ping != null; ping = pings.poll()) {
            ping.complete(Duration.ofMillis(1));
        }
    }

    /** How the server closed it; null if it did not. */
    CloseReason closedWith() {
        return closedWith;
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        sent.add(message.text());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Duration> ping() {
        pings.add(new CompletableFuture<>());
        return ((ArrayDeque<CompletableFuture<Duration>>) pings).getLast();
    }

    @Override
    public void close(int code, String text) {
        closedWith = CloseReason.of(code, text);
    }

    @Override
    public boolean isOpen() {
        return closedWith == null;
    }

    @Override
    public Opening opening() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> send(PreparedMessage message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> send(Part part) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<CloseReason> closed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long bufferedBytes() {
        return 0;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public CompletionStage<Void> writable() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Executor owner() {
        return Runnable::run;
    }
}
