package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.protocol.CloseReason;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectingTest {
    private final List<Reconnect.Attempt> attempts = new ArrayList<>();
    private final List<CompletableFuture<Connection>> openings = new ArrayList<>();
    private final List<Runnable> scheduled = new ArrayList<>();
    private Runnable whenTold = () -> { };
    private double chance = 1;
    private long nanos;
    private final Reconnecting reconnecting = new Reconnecting(
            () -> {
                openings.add(new CompletableFuture<>());
                return openings.getLast();
            },
            Reconnect.standard().telling(this::told),
            new Reconnecting.Circumstances((task, delay) -> scheduled.add(task), () -> nanos, () -> chance));

    /** A connection that only knows its end. */
    private static final class Ending {
        final CompletableFuture<CloseReason> end = new CompletableFuture<>();
        boolean isClosed;

        Connection connection() {
            return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "closed" -> (CompletionStage<CloseReason>) end;
                        case "close" -> {
                            isClosed = true;
                            yield null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        void end(int code) {
            end.complete(new CloseReason(code, "", CloseReason.Initiator.PEER, true));
        }
    }

    private void told(Reconnect.Attempt attempt) {
        attempts.add(attempt);
        whenTold.run();
    }

    private void refuse() {
        openings.getLast().completeExceptionally(new ConnectFailedException("refused", null));
    }

    private Ending succeed() {
        Ending ending = new Ending();
        openings.getLast().complete(ending.connection());
        return ending;
    }

    private void runScheduled() {
        scheduled.removeFirst().run();
    }

    private List<Long> delays() {
        return attempts.stream().map(attempt -> attempt.delay().toMillis()).toList();
    }

    @Test
    void theBoundOfTheDelayDoublesUpToThirtySeconds() {
        reconnecting.attempt();
        for (int i = 0; i < 9; i++) {
            refuse();
            runScheduled();
        }
        assertThat(delays()).containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
        assertThat(attempts).extracting(Reconnect.Attempt::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(attempts.getFirst().cause()).hasMessage("refused");
    }

    @Test
    void theDelayIsDrawnFromZeroToItsBound() {
        chance = 0.25;
        reconnecting.attempt();
        refuse();
        runScheduled();
        chance = 0;
        refuse();
        assertThat(delays()).containsExactly(125L, 0L);
    }

    @Test
    void aServerThatAcceptsAndClosesAtOnceIsNotHammered() {
        reconnecting.attempt();
        for (int i = 0; i < 4; i++) {
            succeed().end(1001);
            runScheduled();
        }
        assertThat(delays()).containsExactly(500L, 1000L, 2000L, 4000L);
    }

    @Test
    void aConnectionThatLivedTenSecondsBeginsAnew() {
        reconnecting.attempt();
        refuse();
        runScheduled();
        Ending settled = succeed();
        nanos += Duration.ofSeconds(10).toNanos();
        settled.end(1006);
        assertThat(delays()).containsExactly(500L, 500L);
        assertThat(attempts.getLast().number()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1008, 3000, 3003})
    void whatWouldOnlyHappenAgainIsFinal(int code) {
        reconnecting.attempt();
        succeed().end(code);
        assertThat(scheduled).isEmpty();
        assertThat(reconnecting.ended().toCompletableFuture().join()).isInstanceOfSatisfying(ClosedException.class,
                closed -> assertThat(closed.reason().code()).isEqualTo(code));
    }

    @Test
    void aHandshakeRefusedWith4xxIsFinalButOneWith5xxIsNot() {
        reconnecting.attempt();
        openings.getLast().completeExceptionally(new ConnectFailedException(503, "full"));
        assertThat(attempts).hasSize(1);
        runScheduled();
        openings.getLast().completeExceptionally(new ConnectFailedException(401, "who are you?"));
        assertThat(attempts).hasSize(1);
        assertThat(reconnecting.ended().toCompletableFuture().join()).hasMessage("who are you?");
    }

    @Test
    void closingEndsTheConnectionAndTheAttempts() {
        reconnecting.attempt();
        Ending open = succeed();
        assertThat(reconnecting.connection()).isPresent();
        reconnecting.close();
        assertThat(open.isClosed).isTrue();
        open.end(1006);
        assertThat(scheduled).isEmpty();
        assertThat(reconnecting.ended().toCompletableFuture()).isCompleted();
        assertThat(reconnecting.connection()).isEmpty();
    }

    @Test
    void closingWhileWaitingEndsTheAttempts() {
        reconnecting.attempt();
        refuse();
        reconnecting.close();
        assertThat(reconnecting.ended().toCompletableFuture()).isCompleted();
        runScheduled();
        assertThat(openings).hasSize(1);
    }

    @Test
    void closingWhileOneIsBeingOpenedEndsTheAttempts() {
        reconnecting.attempt();
        reconnecting.close();
        assertThat(reconnecting.ended().toCompletableFuture()).isNotCompleted();
        refuse();
        assertThat(scheduled).isEmpty();
        assertThat(reconnecting.ended().toCompletableFuture()).isCompleted();
    }

    @Test
    void closingJustWhenTheNextAttemptIsToldEndsTheAttempts() {
        whenTold = reconnecting::close;
        reconnecting.attempt();
        refuse();
        assertThat(scheduled).isEmpty();
        assertThat(reconnecting.ended().toCompletableFuture()).isCompleted();
    }
}
