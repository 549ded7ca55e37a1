package dev.duplex.netty;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is opened again whenever it is lost, until it is closed here or there is no use in trying. */
public final class Reconnecting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** After these the same would only happen again: done, against the policy, not authenticated, forbidden. */
    private static final Set<Integer> FINAL_CODES = Set.of(1000, 1008, 3000, 3003);

    /** Time and chance, so that tests need neither. */
    record Circumstances(Scheduler scheduler, LongSupplier nanoTime, DoubleSupplier random) {}

    /** Runs a task after a delay. */
    interface Scheduler {
        void schedule(Runnable task, Duration delay);
    }

    private final Supplier<CompletionStage<Connection>> opener;
    private final Reconnect rules;
    private final Circumstances circumstances;
    private final CompletableFuture<RuntimeException> ended = new CompletableFuture<>();
    /** Null while it goes on. */
    private volatile String whyStopped;
    private volatile Connection connection;
    private volatile int failures;
    private volatile boolean isWaiting;

    Reconnecting(Supplier<CompletionStage<Connection>> opener, Reconnect rules, Circumstances circumstances) {
        this.opener = opener;
        this.rules = rules;
        this.circumstances = circumstances;
    }

    /** The connection that is open now, if one is. */
    public Optional<Connection> connection() {
        return Optional.ofNullable(connection);
    }

    /** Completes when no more attempt will be made, with why: a ClosedException or a {@link ConnectFailedException}. */
    public CompletionStage<RuntimeException> ended() {
        return ended.minimalCompletionStage();
    }

    /** Closes the connection with 1000 and opens no more. */
    @Override
    public void close() {
        stop("closed by this program");
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Opens no more, though what would run the next attempt may not live to see it; what is open, or about to be, is left alone. */
    void stop(String why) {
        whyStopped = why;
        if (isWaiting) {
            ended.complete(new ConnectFailedException(why, null));
        }
    }

    void attempt() {
        isWaiting = false;
        if (whyStopped != null) {
            ended.complete(new ConnectFailedException(whyStopped, null));
            return;
        }
        opener.get().whenComplete((opened, failure) -> {
            if (opened != null) {
                opened(opened);
            } else {
                lost(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure, 0);
            }
        });
    }

    private void opened(Connection opened) {
        long since = circumstances.nanoTime().getAsLong();
        connection = opened;
        if (whyStopped != null) {
            opened.close();
        }
        opened.closed().thenAccept(reason -> {
            connection = null;
            lost(new ClosedException(reason), circumstances.nanoTime().getAsLong() - since);
        });
    }

    private void lost(Throwable cause, long livedNanos) {
        RuntimeException why = cause instanceof RuntimeException told ? told : new ConnectFailedException(Failures.told(cause), cause);
        if (whyStopped != null || isFinal(why)) {
            ended.complete(why);
            return;
        }
        failures = livedNanos > 0 && livedNanos >= rules.settled().toNanos() ? 1 : failures + 1;
        Duration delay = delay(failures);
        try {
            rules.onAttempt().accept(new Reconnect.Attempt(failures, delay, why));
        } catch (RuntimeException e) {
            LOG.error("the listener of attempts failed", e);
        }
        isWaiting = true;
        if (whyStopped != null) {
            stop(whyStopped); // just then
        } else {
            circumstances.scheduler().schedule(this::attempt, delay);
        }
    }

    /** Full jitter: evenly from zero to the bound, which doubles from attempt to attempt. */
    private Duration delay(int attempt) {
        double boundNanos = Math.min(rules.most().toNanos(), rules.first().toNanos() * Math.pow(2, attempt - 1));
        return Duration.ofNanos((long) (boundNanos * circumstances.random().getAsDouble()));
    }

    private static boolean isFinal(RuntimeException why) {
        return switch (why) {
            case ClosedException closed -> FINAL_CODES.contains(closed.reason().code());
            case ConnectFailedException failed -> failed.status().orElse(0) / 100 == 4;
            default -> true; // the program's own fault: an endpoint that threw
        };
    }
}
