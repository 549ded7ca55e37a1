package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Overflow;
import dev.duplex.api.OverflowException;
import dev.duplex.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The joint of engine and channel, in one thread and with given time. */
class NettyConnectionTest extends ConnectionInOneThread {
    /** The frame of "hi", masked with zeros. */
    private static final String HI = "8182000000006869";

    @Test
    void aTapThatFailsKeepsNobodyFromHearingOfTheEnd() {
        onTap = () -> {
            throw new IllegalStateException("a tap's own trouble");
        };
        open(ConnectionOptions.STANDARD);
        channel.close();
        assertThat(calls).contains("close 1006");
        assertThat(ends).isEqualTo(1);
        assertThat(connection.closed().toCompletableFuture()).isCompleted();
    }

    @Test
    void allRepliesToOneReadLeaveInOneWrite() {
        open();
        onMessage = () -> connection.send("yo");
        receive(HI + HI + HI);
        assertThat(written()).containsExactly("8102796f8102796f8102796f");
        assertThat(calls).containsExactly("open", "hi", "hi", "hi");
        assertThat(taps).containsExactly("IN 1 2", "OUT 1 2", "IN 1 2", "OUT 1 2", "IN 1 2", "OUT 1 2");
    }

    @Test
    void messagesSentOutsideOfAReadLeaveTogether() {
        open();
        CompletionStage<Void> first = connection.send("a");
        connection.send("b");
        assertThat(written()).isEmpty();
        assertThat(connection.bufferedBytes()).isEqualTo(6);
        channel.runPendingTasks();
        assertThat(written()).containsExactly("810161810162");
        assertThat(first.toCompletableFuture()).isCompleted();
    }

    @Test
    void oneCallersCancelIsNotEveryones() {
        open();
        CompletionStage<Void> mine = connection.send("a");
        mine.toCompletableFuture().cancel(true);
        CompletionStage<Void> other = connection.send("b");
        channel.runPendingTasks();
        assertThat(other.toCompletableFuture()).isCompletedWithValue(null);
    }

    @Test
    void aPauseHoldsBackWhatWasRead() {
        open();
        onMessage = () -> {
            if (calls.size() == 2) {
                connection.pause();
            }
        };
        receive(HI + HI);
        assertThat(calls).containsExactly("open", "hi");
        assertThat(channel.config().isAutoRead()).isFalse();
        receive(HI);
        assertThat(calls).containsExactly("open", "hi");
        connection.resume();
        assertThat(calls).containsExactly("open", "hi", "hi", "hi");
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aListenerThatThrowsIsToldTheEndAlone() {
        open();
        onMessage = () -> {
            throw new StackOverflowError("planted");
        };
        receive(HI + HI);
        assertThat(written()).singleElement().asString().startsWith("8815" + "03f3");
        receive("8882 00000000 03f3");
        channel.runPendingTasks();
        assertThat(calls).containsExactly("open", "hi", "close 1011");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aSilentPeerIsPingedAndThenDead() {
        open();
        pass(Duration.ofMillis(24_500));
        assertThat(written()).isEmpty();
        pass(Duration.ofMillis(500));
        assertThat(written()).containsExactly("89080000000000000001");
        pass(Duration.ofMillis(7_500));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofMillis(750));
        assertThat(calls).containsExactly("open", "close 1006");
    }

    @Test
    void aPongTellsTheRoundTripAndKeepsTheConnection() {
        open();
        pass(Duration.ofSeconds(25));
        nanos += 5_000_000;
        receive("8a88 00000000 0000000000000001");
        assertThat(connection.roundTrip().orElseThrow()).isBetween(Duration.ofMillis(5), Duration.ofMillis(300));
        pass(Duration.ofSeconds(20));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aPongAnswersEarlierPingsTooButAForeignOneAnswersNothing() {
        open();
        CompletableFuture<Duration> first = connection.ping().toCompletableFuture();
        CompletableFuture<Duration> second = connection.ping().toCompletableFuture();
        receive("8a88 00000000 0000000000000009" + "8a80 00000000" + "8a81 00000000 00");
        assertThat(first).isNotDone();
        receive("8a88 00000000 0000000000000002");
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void nobodyIsDeadWhileThisEndDoesNotRead() {
        open();
        pass(Duration.ofSeconds(25));
        connection.pause();
        pass(Duration.ofMinutes(10));
        assertThat(channel.isOpen()).isTrue();
        connection.resume();
        pass(Duration.ofSeconds(20));
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aMessageBegunAndForgottenEndsWith1008ButNotWhileThisEndDoesNotRead() {
        open(ConnectionOptions.STANDARD.withPings(Duration.ZERO, Duration.ZERO)
                .withLimits(Limits.defaults().withMessageDeadlineNanos(Duration.ofSeconds(3).toNanos())));
        receive("0181 00000000 61");
        connection.pause();
        pass(Duration.ofMinutes(1));
        connection.resume();
        pass(Duration.ofMillis(2500));
        assertThat(written()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(written()).singleElement().asString().startsWith("88").contains("03f0");
    }

    @Test
    void aPeerThatTakesNothingIsCutOffAtTheWriteDeadline() {
        open(ConnectionOptions.STANDARD.withPings(Duration.ZERO, Duration.ZERO));
        channel.isStalled = true;
        CompletionStage<Void> stage = connection.send("x");
        channel.runPendingTasks();
        pass(Duration.ofMillis(9_500));
        assertThat(channel.isOpen()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(calls).containsExactly("open", "close 1006");
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aSlowConsumerIsClosedWith1013() {
        open();
        channel.isStalled = true;
        for (int i = 0; i < 5; i++) {
            connection.send(new byte[1000]);
            channel.runPendingTasks();
        }
        assertThat(connection.isWritable()).isFalse();
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.send("late").toCompletableFuture()).isCompletedExceptionally();
        channel.isStalled = false;
        channel.runPendingTasks();
        channel.flush();
        assertThat(String.join("", written())).contains("88" + "0a" + "03f5");
    }

    @Test
    void aDroppedMessageSaysSoAndTheConnectionStays() {
        overflow = Overflow.DROP;
        open();
        channel.isStalled = true;
        List<CompletionStage<Void>> stages = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            stages.add(connection.send(new byte[1000]));
            channel.runPendingTasks();
        }
        assertThat(stages.getLast().toCompletableFuture()).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(OverflowException.class);
        channel.isStalled = false;
        channel.flush();
        assertThat(stages.getFirst().toCompletableFuture()).isCompleted();
        assertThat(connection.isOpen()).isTrue();
        assertThat(calls).containsExactly("open", "writable");
    }

    @Test
    void anEchoToAPeerThatDoesNotReadStopsReading() {
        overflow = Overflow.PAUSE;
        open();
        onMessage = () -> connection.send(new byte[600]);
        channel.isStalled = true;
        receive(HI + HI + HI + HI);
        assertThat(calls).containsExactly("open", "hi", "hi");
        assertThat(channel.config().isAutoRead()).isFalse();
        CompletionStage<Void> writable = connection.writable();
        assertThat(writable.toCompletableFuture()).isNotDone();
        channel.isStalled = false;
        channel.flush();
        channel.runPendingTasks();
        assertThat(calls).containsExactly("open", "hi", "hi", "writable", "hi", "hi", "writable");
        assertThat(writable.toCompletableFuture()).isCompleted();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whatNeverLeavesFailsWithTheReason() {
        open();
        channel.isStalled = true;
        CompletionStage<Void> sent = connection.send("x");
        CompletionStage<Duration> ping = connection.ping();
        channel.runPendingTasks();
        channel.close();
        channel.runPendingTasks();
        assertThat(sent.toCompletableFuture()).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(ClosedException.class);
        assertThat(ping.toCompletableFuture()).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(ClosedException.class);
        assertThat(connection.writable().toCompletableFuture()).isCompleted();
    }

    @Test
    void bufferOfEveryReadIsReleased() {
        open();
        ByteBuf first = Unpooled.directBuffer().writeBytes(HexFormat.of().parseHex(HI));
        ByteBuf second = first.copy();
        channel.writeInbound(first);
        connection.pause();
        channel.writeInbound(second);
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isEqualTo(1);
        connection.close();
        pass(Duration.ofSeconds(6));
        channel.runPendingTasks();
        assertThat(second.refCnt()).isZero();
    }
}
