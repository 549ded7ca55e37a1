package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** One connection on a channel in memory, in one thread and with given time: records what it tells, and sees that nothing is left over. */
abstract class ConnectionInOneThread {
    static final Opening OPENING = new Opening("/", "", Map.of(), Headers.empty(), List.of(), Optional.empty(),
            InetSocketAddress.createUnresolved("peer", 1), Carrier.HTTP_1_1, false);

    final List<String> calls = new ArrayList<>();
    final List<String> taps = new ArrayList<>();
    final StallingChannel channel = new StallingChannel();
    long nanos;
    final Pulse pulse = new Pulse(channel.eventLoop(), () -> nanos);
    final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    Overflow overflow = Overflow.CLOSE;
    Runnable onMessage = () -> { };
    Runnable onTap = () -> { };
    NettyConnection connection;
    int ends;

    /** A channel whose peer can stop taking bytes. */
    static final class StallingChannel extends EmbeddedChannel {
        boolean isStalled;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!isStalled) {
                super.doWrite(in);
            }
        }
    }

    private final class Recorder implements Listener {
        @Override
        public void onOpen(Connection c) {
            calls.add("open");
        }

        @Override
        public void onMessage(Connection c, Message message) {
            calls.add(message.isText() ? message.text() : message.toString());
            onMessage.run();
        }

        @Override
        public void onWritable(Connection c) {
            calls.add(c.isWritable() ? "writable" : "told of room where there is none");
        }

        @Override
        public void onClose(Connection c, CloseReason reason) {
            calls.add("close " + reason.code());
        }

        @Override
        public Overflow overflow() {
            return overflow;
        }
    }

    private final class Tap implements WireTap {
        @Override
        public void frame(Direction direction, int opcode, boolean isFinal, boolean isCompressed, boolean isMasked, long bytes) {
            taps.add(direction + " " + opcode + " " + bytes);
        }

        @Override
        public void closed(CloseReason reason) {
            taps.add("closed " + reason.code());
            onTap.run();
        }
    }

    void open(ConnectionOptions options) {
        open(options, wire -> wire);
    }

    /** @param seen what the connection sees in place of the wire */
    void open(ConnectionOptions options, UnaryOperator<Wire> seen) {
        ChannelWire wire = new ChannelWire(channel);
        NettyCarrier carrier = new NettyCarrier(seen.apply(wire), options, pulse,
                new Origin(Role.SERVER, OPENING, null, new Tap(), budget, ended -> ends++), Audience.of(new Recorder()));
        connection = carrier.connection();
        channel.pipeline().addLast(wire.tells(carrier));
        carrier.open(new byte[0], null);
    }

    void open() {
        open(ConnectionOptions.STANDARD.withMarks(1000, 4000));
    }

    void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    /** What was written since the last question, one string for each write. */
    List<String> written() {
        List<String> writes = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            if (out.isReadable()) {
                writes.add(HexFormat.of().formatHex(io.netty.buffer.ByteBufUtil.getBytes(out)));
            }
            out.release();
        }
        return writes;
    }

    void pass(Duration time) {
        for (long end = nanos + time.toNanos(); nanos < end; nanos += 250_000_000L) {
            pulse.run();
        }
        pulse.run();
    }

    @AfterEach
    void nothingIsLeftOver() {
        written();
        channel.finishAndReleaseAll();
        channel.runPendingTasks();
        pulse.end();
        if (connection != null) {
            assertThat(calls).filteredOn(call -> call.startsWith("close ")).hasSize(1);
            assertThat(calls.getLast()).startsWith("close ");
            assertThat(ends).isEqualTo(1);
            assertThat(connection.bufferedBytes()).isZero();
            assertThat(taps.getLast()).startsWith("closed ");
        }
    }
}
