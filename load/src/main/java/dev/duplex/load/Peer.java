package dev.duplex.load;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.State;
import dev.duplex.protocol.WebSocketProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One open WebSocket of a load. What it does with messages is for those that extend it to say.
 *
 * <p>The engine reads the first message, by every rule; from there on frames are only counted, and the engine is kept to send
 * Pong and Close.
 */
abstract class Peer extends ChannelInboundHandlerAdapter implements FrameCounter.Sink {
    private static final int CLOSE = 8;
    private static final int PING = 9;

    /** After both Close frames the server ends TCP (RFC 6455 §7.1.1); from one that does not we go after this time. */
    private static final int END_WAIT_MILLIS = 1000;

    final Lane lane;
    final Frames frames;
    ChannelHandlerContext ctx;

    /** When what is being read arrived. */
    long now;

    private final Outgoing outgoing = new Outgoing();
    private final WebSocketProtocol engine;
    private final FrameCounter counter;
    private boolean hasFirst;
    private boolean isEnding;
    private boolean hasEnded;
    private ScheduledFuture<?> endTimer;

    Peer(Lane lane, DeflateParameters deflate) {
        this.lane = lane;
        frames = lane.frames(deflate);
        engine = Frames.engine(deflate, outgoing);
        counter = new FrameCounter(deflate != null, this);
    }

    /** A message has come. */
    abstract void received(boolean isCompressed);

    /** The connection is no more: the closing handshake is done, or something ended it. Called once. */
    void ended() {}

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        lane.joined(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        now = System.nanoTime();
        try {
            if (!hasFirst) {
                readFirst(in);
            }
            counter.receive(in);
        } catch (FrameCounter.Fault fault) {
            lose("the server sent " + fault.getMessage());
            ctx.close();
        } finally {
            in.release();
        }
    }

    private void readFirst(ByteBuf in) {
        ByteBuffer bytes = in.nioBuffer();
        engine.receive(bytes, now);
        for (Event event = engine.next(); event != null; event = hasFirst ? null : engine.next()) {
            if (event instanceof Message first) {
                hasFirst = true;
                in.skipBytes(bytes.position());
                compare(first);
            }
        }
        if (!hasFirst) {
            in.skipBytes(in.readableBytes());
        }
        flushOutgoing();
        if (!hasFirst && engine.state() == State.ENDING) {
            closed("the connection was closed: " + engine.closeReason());
        }
    }

    private void compare(Message first) {
        if (lane.plan.mode().hasMessages() && !first.equals(lane.plan.payload().message())) {
            lane.tally.wrong("an answer was not what was sent, but " + Message.describe(first));
        }
        received(false);
    }

    @Override
    public final void message(long payloadBytes, boolean isCompressed) {
        if (!isCompressed && lane.plan.mode().hasMessages() && payloadBytes != lane.plan.payload().bytes()) {
            lane.tally.wrong("an answer had " + payloadBytes + " bytes");
        }
        received(isCompressed);
    }

    @Override
    public final void control(int opcode, byte[] payload) {
        if (opcode == PING) {
            engine.pong(payload);
        } else if (opcode == CLOSE) {
            int code = payload.length < 2 ? CloseReason.NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
            engine.close();
            closed("the connection was closed: " + code + " by the peer");
        }
        flushOutgoing();
    }

    /** Closes with 1000. */
    final void leave() {
        if (!isEnding) {
            isEnding = true;
            engine.close(CloseReason.of(CloseReason.NORMAL, ""));
            flushOutgoing();
        }
    }

    private void closed(String how) {
        if (!isEnding) {
            lose(how);
        }
        isEnding = true;
        endTimer = ctx.executor().schedule(() -> ctx.close(), END_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (endTimer != null) {
            endTimer.cancel(false);
        }
        if (!isEnding) {
            lose("the connection ended without a Close frame");
        }
        engine.transportEnded();
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!isEnding) {
            lose(Carrier.told(cause));
        }
        ctx.close();
    }

    private void lose(String how) {
        isEnding = true;
        lane.tally.lost(how);
    }

    private void end() {
        if (!hasEnded) {
            hasEnded = true;
            lane.left(this);
            ended();
        }
    }

    private void flushOutgoing() {
        if (!outgoing.isEmpty()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(outgoing.takeBytes()), ctx.voidPromise());
        }
    }
}
