package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.OverflowException;
import dev.duplex.api.TransportInfo;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PreparedMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What the application holds of a {@link NettyCarrier}: from its loop calls go straight on, from other threads in turn. */
final class NettyConnection implements Connection {
    /** What a message that waits costs beside its payload, so that empty ones count too. */
    private static final int MESSAGE_BYTES = 32;

    private final NettyCarrier carrier;
    private final Outbox outbox;
    private final Overflow overflow;

    NettyConnection(NettyCarrier carrier, Outbox outbox, Overflow overflow) {
        this.carrier = carrier;
        this.outbox = outbox;
        this.overflow = overflow;
    }

    @Override
    public Opening opening() {
        return carrier.opening();
    }

    Overflow overflow() {
        return overflow;
    }

    boolean isCarrying() {
        return carrier.isCarrying();
    }

    Tunnel openBeside(Opening opening, Endpoint endpoint, Tunnel.Line line) {
        return carrier.openBeside(opening, endpoint, line);
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        return send(message, message.byteLength());
    }

    @Override
    public CompletionStage<Void> send(PreparedMessage message) {
        return send(message, message.message().byteLength());
    }

    @Override
    public CompletionStage<Void> send(Part part) {
        return send(part, part.bytes().length);
    }

    private CompletionStage<Void> send(Object what, int bytes) {
        if (!carrier.isOpen()) {
            return CompletableFuture.failedStage(carrier.closedException());
        }
        if (Thread.currentThread().isVirtual()) {
            if (!outbox.isWritable()) {
                outbox.writable().toCompletableFuture().join();
            }
        } else if (overflow != Overflow.PAUSE && outbox.isOverflowing()) {
            return overflowed();
        }
        return carrier.isOnLoop() ? outbox.send(what, bytes + MESSAGE_BYTES) : outbox.post(what, bytes + MESSAGE_BYTES);
    }

    private CompletionStage<Void> overflowed() {
        long bufferedBytes = outbox.bufferedBytes();
        if (overflow == Overflow.CLOSE) {
            run(carrier::tooSlow);
        }
        return CompletableFuture.failedStage(new OverflowException(bufferedBytes));
    }

    @Override
    public CompletionStage<Duration> ping() {
        if (!carrier.isOpen()) {
            return CompletableFuture.failedStage(carrier.closedException()); // its loop may have ended, too
        }
        CompletableFuture<Duration> answered = new CompletableFuture<>();
        run(() -> carrier.ping(answered));
        return answered.minimalCompletionStage();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.ofNullable(carrier.roundTrip());
    }

    @Override
    public Optional<TransportInfo> transportInfo() {
        return carrier.transportInfo();
    }

    @Override
    public void close(int code, String text) {
        CloseReason reason = CloseReason.of(code, text);
        run(() -> carrier.close(reason));
    }

    /** Runs a command on the loop, behind what this thread has sent before. */
    private void run(Runnable command) {
        if (!carrier.isOnLoop()) {
            outbox.post(command, 0);
            return;
        }
        command.run();
        carrier.flushSoon();
    }

    @Override
    public CompletionStage<CloseReason> closed() {
        return carrier.outcome().minimalCompletionStage();
    }

    @Override
    public Optional<CloseReport> closeReport() {
        return carrier.outcome().report();
    }

    @Override
    public boolean isOpen() {
        return carrier.isOpen();
    }

    @Override
    public long bufferedBytes() {
        return outbox.bufferedBytes();
    }

    @Override
    public boolean isWritable() {
        return carrier.isOpen() && outbox.isWritable();
    }

    @Override
    public CompletionStage<Void> writable() {
        return outbox.writable();
    }

    @Override
    public void pause() {
        carrier.handover().wantsPause(true);
        run(carrier.handover()::followPause);
    }

    @Override
    public void resume() {
        carrier.handover().wantsPause(false);
        run(carrier.handover()::followPause);
    }

    @Override
    public Executor owner() {
        return carrier.loop();
    }
}
