package dev.duplex.netty;

import dev.duplex.api.ClosedException;
import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.api.OverflowException;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.PreparedMessage;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.State;
import dev.duplex.protocol.WebSocketProtocol;
import dev.duplex.protocol.WireTap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket on one channel: the only class that joins the protocol engine and Netty.
 *
 * <p>It is the channel's one handler (behind TLS, if there is any) from the end of the opening handshake on, and sees to the
 * four duties of a carrier. All replies to what was read at once leave in one write. Everything but the methods of
 * {@link Connection} runs on the channel's loop.
 */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection, Pulse.Member {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** What a message that waits costs beside its payload, so that empty ones count too. */
    private static final int MESSAGE_BYTES = 32;

    private static final long NOT_YET = Long.MAX_VALUE;
    private static final CloseReason LOST = new CloseReason(CloseReason.ABNORMAL, "", CloseReason.Initiator.TRANSPORT, false);

    /**
     * How a connection came to be.
     *
     * @param deflate null if no compression was agreed on
     * @param tap null if nobody watches
     * @param onEnd runs after the listener's last call
     */
    record Origin(Role role, Opening opening, PerMessageDeflate deflate, WireTap tap, Runnable onEnd) {}

    private final Channel channel;
    private final ConnectionOptions options;
    private final Pulse pulse;
    private final Origin origin;
    private final Listener listener;
    private final Overflow overflow;
    private final Outbox outbox;
    private final WebSocketProtocol protocol;
    private final Intake intake;
    private final Heartbeat heartbeat;
    private final Ending ending;
    private final WriteWatch writeWatch;
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private volatile boolean isOpen = true;
    private volatile boolean wantsPause;
    private boolean isReading;
    private boolean isDelivering;
    private boolean hasFailed;
    private long closingSinceNanos = NOT_YET;
    private int slot = -1;

    NettyConnection(Channel channel, ConnectionOptions options, Pulse pulse, Origin origin, Listener listener) {
        this.channel = channel;
        this.options = options;
        this.pulse = pulse;
        this.origin = origin;
        this.listener = listener;
        overflow = listener.overflow();
        outbox = new Outbox(channel, options, this);
        protocol = new WebSocketProtocol(origin.role(), options.limits(), origin.deflate(), outbox);
        protocol.tap(origin.tap());
        if (listener.wantsParts()) {
            protocol.receiveInParts();
        }
        intake = new Intake(channel, protocol, pulse);
        heartbeat = new Heartbeat(options, pulse.nanoTime());
        ending = new Ending(channel, pulse, options.closeWait());
        writeWatch = new WriteWatch(channel, options.writeDeadline());
    }

    /**
     * Begins, as the channel's last handler.
     *
     * @param head bytes that go before the first frame; may be empty
     * @param early bytes that came behind the peer's head, taken over; may be null
     */
    void open(byte[] head, ByteBuf early) {
        pulse.add(this);
        isReading = true;
        if (head.length > 0) {
            outbox.write(head);
        }
        try {
            listener.onOpen(this);
        } catch (Throwable t) {
            listenerFailed(t);
        }
        if (early != null && early.isReadable()) {
            intake.add(early);
        } else if (early != null) {
            early.release();
        }
        deliver();
        endRead();
    }

    // From the channel

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        heartbeat.heard();
        if (ending.hasBegun()) {
            ending.drop(read);
            return;
        }
        isReading = true;
        intake.add(read);
        deliver();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endRead();
    }

    private void endRead() {
        isReading = false;
        settle();
        outbox.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            ending.inputEnded();
            lost();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost();
        forgetIfOver();
    }

    /** FIN, RST, or this end's own close: no more can be sent either, since a WebSocket has no half-open state. */
    private void lost() {
        isOpen = false;
        beginClosing();
        intake.end();
        deliver();
        outbox.flush();
    }

    /** A peer can break a connection in many ways; none of them is worth a stack trace. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", channel, cause.toString());
        channel.close();
    }

    // To the application

    /** Hands over events until the input is used up or reading is paused. */
    private void deliver() {
        if (isDelivering) {
            return; // a callback resumed reading: the loop below goes on
        }
        isDelivering = true;
        try {
            for (Event event = intake.next(); event != null; event = intake.next()) {
                dispatch(event);
                if (wantsPause) {
                    intake.pause(Intake.BY_APPLICATION); // another thread's pause need not wait for its turn
                }
                if (outbox.gatheredBytes() >= Outbox.FLUSH_BYTES) {
                    outbox.flush();
                }
                pauseOnOverflow();
            }
        } finally {
            isDelivering = false;
        }
        settle();
        intake.readOn();
    }

    private void pauseOnOverflow() {
        if (overflow == Overflow.PAUSE && !outbox.isWritable()) {
            outbox.flush();
            if (!outbox.isWritable()) {
                intake.pause(Intake.BY_OVERFLOW);
            }
        }
    }

    private void dispatch(Event event) {
        try {
            switch (event) {
                case Message message when !hasFailed -> listener.onMessage(this, message);
                case Part part when !hasFailed -> listener.onPart(this, part);
                case Event.Pong pong -> heartbeat.pong(pong.payload(), pulse.nanoTime());
                case Event.Closed end -> end(end.reason());
                default -> { } // a Ping is answered already, and a listener that failed is told nothing more but the end
            }
        } catch (Throwable t) {
            listenerFailed(t);
        }
    }

    /** RFC 6455 §7.4.1: 1011, an unexpected condition that prevented the request from being fulfilled. */
    private void listenerFailed(Throwable cause) {
        LOG.error("the listener at {} failed", origin.opening().path(), cause);
        hasFailed = true;
        protocol.close(CloseReason.of(CloseReason.INTERNAL_ERROR, "the endpoint failed"));
    }

    private void end(CloseReason reason) {
        outbox.flush();
        ending.begin();
        outbox.end();
        heartbeat.end(new ClosedException(reason));
        closed.complete(reason);
        try {
            listener.onClose(this, reason);
        } catch (Throwable t) {
            LOG.error("the listener at {} failed", origin.opening().path(), t);
        }
        if (origin.tap() != null) {
            origin.tap().closed(reason);
        }
        origin.onEnd().run();
        forgetIfOver();
    }

    /** Two ends, in either order: the application's, which a pause may delay, and the channel's, which a drain may. */
    private void forgetIfOver() {
        if (closed.isDone() && !channel.isActive()) {
            pulse.remove(this);
        }
    }

    /** The outbox has drained below the low mark. */
    void becameWritable() {
        if (isOpen && !hasFailed) {
            try {
                listener.onWritable(this);
            } catch (Throwable t) {
                listenerFailed(t);
            }
        }
        if (intake.resume(Intake.BY_OVERFLOW)) {
            deliver();
        }
        outbox.flushLater();
    }

    // The duties of a carrier

    /** Follows the engine's state after each call of it. */
    void settle() {
        if (protocol.state() == State.OPEN) {
            return;
        }
        isOpen = false;
        beginClosing();
        if (protocol.endsTransport() && !ending.hasBegun()) {
            outbox.flush();
            ending.begin();
        }
    }

    /** From here on the close timer runs: a peer that stays away does not keep a socket for ever. */
    private void beginClosing() {
        if (closingSinceNanos == NOT_YET) {
            closingSinceNanos = pulse.nanoTime();
            outbox.sendDeferred(); // all in vain now, and their stages say so
        }
    }

    @Override
    public void beat(long now) {
        ending.beat(now);
        if (closed.isDone()) {
            return; // TCP alone has still to end
        }
        boolean pingDue = heartbeat.isDue(now, intake.isPaused());
        if (closingSinceNanos != NOT_YET && now - closingSinceNanos >= options.closeWait().toNanos()) {
            giveUp();
        } else if (heartbeat.isDead(now) || writeWatch.isStuck(now)) {
            channel.close();
        } else if (pingDue) {
            protocol.ping(heartbeat.ping(now, null));
        }
        if (!intake.isPaused() && now >= protocol.deadlineNanos()) {
            protocol.expire(now);
        }
        settle();
        outbox.flush();
    }

    /** The close timer. What came before a peer was lost may still be read after a pause; what this end has closed may not. */
    private void giveUp() {
        if (protocol.state() == State.OPEN) {
            channel.close();
        } else {
            stopPausing();
            lost();
        }
    }

    private void stopPausing() {
        wantsPause = false;
        intake.drop();
    }

    @Override
    public void drain() {
        close(CloseReason.GOING_AWAY, "the server goes down");
    }

    @Override
    public void abort() {
        stopPausing();
        channel.close();
        lost();
    }

    // For the outbox

    boolean frame(Object what) {
        return protocol.state() == State.OPEN && switch (what) {
            case Message message -> protocol.send(message);
            case PreparedMessage prepared -> protocol.send(prepared);
            case Part part -> protocol.send(part);
            default -> throw new IllegalArgumentException(String.valueOf(what));
        };
    }

    /** The peer has taken the last Pong: the latest Ping since then, if any, has its own now. */
    void answerPing() {
        protocol.answerPing();
        outbox.flushLater();
    }

    boolean isSendingParts() {
        return protocol.isSendingParts() && protocol.state() == State.OPEN;
    }

    /** Whether what is framed now is flushed without further ado. */
    boolean flushesSoon() {
        return isReading;
    }

    boolean isOnLoop() {
        return channel.eventLoop().inEventLoop();
    }

    RuntimeException closedException() {
        CloseReason reason = closed.getNow(null);
        if (reason == null && isOnLoop()) {
            reason = protocol.closeReason();
        }
        return new ClosedException(reason != null ? reason : LOST);
    }

    // Connection: any thread

    @Override
    public Opening opening() {
        return origin.opening();
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
        if (!isOpen) {
            return CompletableFuture.failedStage(closedException());
        }
        if (Thread.currentThread().isVirtual()) {
            if (!outbox.isWritable()) {
                outbox.writable().toCompletableFuture().join();
            }
        } else if (overflow != Overflow.PAUSE && outbox.isOverflowing()) {
            return overflowed();
        }
        return isOnLoop() ? outbox.send(what, bytes + MESSAGE_BYTES) : outbox.post(what, bytes + MESSAGE_BYTES);
    }

    private CompletionStage<Void> overflowed() {
        long bufferedBytes = outbox.bufferedBytes();
        if (overflow == Overflow.CLOSE) {
            close(CloseReason.TRY_AGAIN_LATER, "too slow");
        }
        return CompletableFuture.failedStage(new OverflowException(bufferedBytes));
    }

    @Override
    public CompletionStage<Duration> ping() {
        CompletableFuture<Duration> answered = new CompletableFuture<>();
        run(() -> {
            if (!protocol.ping(heartbeat.ping(pulse.nanoTime(), answered))) {
                answered.completeExceptionally(closedException());
            }
        });
        return answered.minimalCompletionStage();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.ofNullable(heartbeat.roundTrip());
    }

    @Override
    public void close(int code, String text) {
        CloseReason reason = CloseReason.of(code, text);
        run(() -> protocol.close(reason));
    }

    /** Runs a command on the loop, behind what this thread has sent before. */
    private void run(Runnable command) {
        if (!isOnLoop()) {
            outbox.post(command, 0);
            return;
        }
        command.run();
        settle();
        outbox.flushLater();
    }

    @Override
    public CompletionStage<CloseReason> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public long bufferedBytes() {
        return outbox.bufferedBytes();
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable();
    }

    @Override
    public CompletionStage<Void> writable() {
        return outbox.writable();
    }

    @Override
    public void pause() {
        wantsPause = true;
        run(this::followPause);
    }

    @Override
    public void resume() {
        wantsPause = false;
        run(this::followPause);
    }

    /** Pause and resume may come from several threads: the last word counts, whichever task runs first. */
    private void followPause() {
        if (wantsPause) {
            intake.pause(Intake.BY_APPLICATION);
        } else if (intake.resume(Intake.BY_APPLICATION)) {
            deliver();
        }
    }

    @Override
    public Executor owner() {
        return channel.eventLoop();
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int newSlot) {
        slot = newSlot;
    }
}
