package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import dev.duplex.protocol.Role;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for a peer that takes little, in one thread. */
class BacklogTest {
    private static final int LARGE = 10_000;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final StingyChannel channel = new StingyChannel();
    private final StingyChannel neighbour = new StingyChannel();
    private final Pulse pulse = new Pulse(channel.eventLoop(), System::nanoTime);
    private final Connection connection = open(channel);

    /** A channel that takes so many bytes and no more. */
    private static final class StingyChannel extends EmbeddedChannel {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            for (ByteBuf first = (ByteBuf) in.current(); first != null; first = (ByteBuf) in.current()) {
                int bytes = Math.min(room, first.readableBytes());
                byte[] now = new byte[bytes];
                first.getBytes(first.readerIndex(), now);
                taken.writeBytes(now);
                room -= bytes;
                boolean isWhole = bytes == first.readableBytes();
                if (!isWhole) {
                    in.removeBytes(bytes);
                    return;
                }
                in.remove();
            }
        }

        StingyChannel takes(int bytes) {
            room += bytes;
            unsafe().flush();
            runPendingTasks();
            return this;
        }

        String takenHex() {
            String hex = HexFormat.of().formatHex(taken.toByteArray());
            taken.reset();
            return hex;
        }
    }

    private Connection open(StingyChannel on) {
        ChannelWire wire = new ChannelWire(on);
        NettyCarrier carrier = new NettyCarrier(wire, ConnectionOptions.STANDARD, pulse,
                new Origin(Role.SERVER, ConnectionInOneThread.OPENING, null, null, budget, ended -> { }), Audience.of(new Listener() { }));
        on.pipeline().addLast(wire.tells(carrier));
        carrier.open(new byte[0], null);
        return carrier.connection();
    }

    @AfterEach
    void nothingIsLeftOver() {
        channel.close();
        neighbour.close();
        channel.runPendingTasks();
        neighbour.runPendingTasks();
        assertThat(pulse.sharedFrames().size()).as("frames that nobody waits with").isZero();
        assertThat(budget.heldBytes()).isZero();
        assertThat(connection.bufferedBytes()).isZero();
    }

    private static PreparedMessage large(int first) {
        byte[] bytes = new byte[LARGE];
        bytes[0] = (byte) first;
        return PreparedMessage.of(Message.binary(bytes));
    }

    private static String largeHex(int first) {
        return "827e2710%02x".formatted(first) + "00".repeat(LARGE - 1);
    }

    /** What waits counts as its bytes alone: the large buffer that the loop had at hand is not kept for it. */
    @Test
    void aSmallMessageThatWaitsTakesNoLargeBuffer() {
        ByteBuf large = channel.alloc().directBuffer(64 * 1024);
        pulse.spare().giveBack(large);
        for (int i = 0; i < 3; i++) {
            connection.send("hi");
            channel.runPendingTasks();
            ByteBuf spare = pulse.spare().take(60_000, channel.alloc());
            assertThat(spare).isSameAs(large);
            pulse.spare().giveBack(spare);
        }
        assertThat(channel.takes(12).takenHex()).isEqualTo("81026869".repeat(3));
        pulse.end();
    }

    @Test
    void whoWaitsWithTheSameFrameHoldsNoCopy() {
        Connection other = open(neighbour);
        PreparedMessage message = large(1);
        for (Connection each : List.of(connection, other)) {
            each.send(message);
            each.send(message);
        }
        channel.takes(3);
        neighbour.takes(LARGE);
        assertThat(pulse.sharedFrames().size()).isEqualTo(1);
        assertThat(connection.bufferedBytes()).isEqualTo(2 * (LARGE + 4));
        channel.takes(3 * LARGE);
        assertThat(channel.takenHex()).isEqualTo(largeHex(1) + largeHex(1));
        assertThat(pulse.sharedFrames().size()).as("the neighbour still waits").isEqualTo(1);
        neighbour.takes(3 * LARGE);
        assertThat(neighbour.takenHex()).isEqualTo(largeHex(1) + largeHex(1));
    }

    @Test
    void aSmallOneIsCopiedIfItLeavesAtOnceAndSharedIfItMustWait() {
        channel.takes(100);
        connection.send(PreparedMessage.of(Message.text("now")));
        channel.runPendingTasks();
        assertThat(channel.takenHex()).isEqualTo("81036e6f77");
        connection.send(large(1));
        channel.runPendingTasks();
        connection.send(PreparedMessage.of(Message.text("later")));
        assertThat(pulse.sharedFrames().size()).isEqualTo(2);
        channel.takes(2 * LARGE);
        assertThat(channel.takenHex()).isEqualTo(largeHex(1) + "81056c61746572");
    }

    @Test
    void everythingKeepsItsOrder() {
        PreparedMessage once = PreparedMessage.of(Message.text("p"));
        StringBuilder sent = new StringBuilder();
        List<CompletableFuture<Void>> stages = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            stages.add(connection.send(once).toCompletableFuture());
            stages.add(connection.send("o").toCompletableFuture());
            stages.add(connection.send(large(i)).toCompletableFuture());
            sent.append("810170").append("81016f").append(largeHex(i));
            if (i % 3 == 0) {
                channel.runPendingTasks();
            }
        }
        connection.close();
        sent.append("880203e8");
        for (int i = 0; channel.isOpen() && i < 1000; i++) {
            assertThat(stages).anyMatch(stage -> !stage.isDone());
            channel.takes(997 * 7);
            if (channel.taken.size() >= sent.length() / 2) {
                channel.close();
            }
        }
        assertThat(channel.takenHex()).isEqualTo(sent.toString());
        assertThat(stages).allMatch(stage -> stage.isDone() && !stage.isCompletedExceptionally());
    }

    @Test
    void aStageCompletesWhenItsOwnMessageHasLeft() {
        CompletableFuture<Void> first = connection.send(large(1)).toCompletableFuture();
        channel.runPendingTasks();
        CompletableFuture<Void> second = connection.send(large(2)).toCompletableFuture();
        channel.takes(LARGE + 4);
        assertThat(first).isCompletedWithValue(null);
        assertThat(second).isNotDone();
        channel.takes(LARGE + 4);
        assertThat(second).isCompletedWithValue(null);
    }

    @Test
    void whatNeverLeavesFails() {
        List<CompletableFuture<Void>> stages = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            stages.add(connection.send(large(i)).toCompletableFuture());
            channel.runPendingTasks();
        }
        channel.takes(2 * LARGE);
        channel.close();
        channel.runPendingTasks();
        assertThat(stages).allMatch(CompletableFuture::isDone);
        assertThat(stages).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(29);
        assertThat(connection.send(large(9)).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void theFrameIsCountedOnceAndItsReferencesForEach() {
        Connection other = open(neighbour);
        PreparedMessage message = PreparedMessage.of(Message.binary(new byte[200_000]));
        connection.send(message);
        other.send(message);
        channel.takes(0);
        neighbour.takes(0);
        assertThat(budget.heldBytes()).isBetween(400_000L, 410_000L);
        channel.close();
        assertThat(budget.heldBytes()).as("the neighbour still waits").isBetween(400_000L, 410_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 126, 16_384, 65_536, 70_000})
    void everyCutOfWhatThePeerTakesIsTheSame(int step) {
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            connection.send(large(i));
            connection.send(Message.binary(new byte[70_000]));
            sent.append(largeHex(i)).append("827f0000000000011170").append("00".repeat(70_000));
        }
        int all = sent.length() / 2;
        for (int done = 0; done < all; done += step) {
            channel.takes(step);
        }
        assertThat(channel.takenHex()).isEqualTo(sent.toString());
        assertThat(connection.bufferedBytes()).isZero();
    }
}
