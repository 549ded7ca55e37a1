package dev.duplex.netty;

import dev.duplex.api.CloseReport.How;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.api.TransportInfo;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PreparedMessage;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.State;
import dev.duplex.protocol.WebSocketProtocol;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one WebSocket on one wire: the only class that joins the protocol engine and what moves its bytes.
 *
 * <p>The wire tells it all that happens from the end of the opening handshake on, and it sees to the four duties of a carrier.
 * All replies to what was read at once leave in one write. It runs on the wire's loop; what the application holds, and may use
 * from any thread, is a {@link NettyConnection}.
 */
final class NettyCarrier implements Receiver, Pulse.Member {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");
    private static final long NOT_YET = Long.MAX_VALUE;
    private static final CloseReason OVERLOADED = CloseReason.of(CloseReason.TRY_AGAIN_LATER, "the server is short of memory");
    private static final CloseReason TOO_SLOW = CloseReason.of(CloseReason.TRY_AGAIN_LATER, "too slow");

    private final Wire wire;
    private final ConnectionOptions options;
    private final Pulse pulse;
    private final Origin origin;
    private final Outbox outbox;
    private final WebSocketProtocol protocol;
    private final Intake intake;
    private final Handover handover;
    private final Footprint footprint;
    private final Heartbeat heartbeat;
    private final Chronicle chronicle;
    private final NettyConnection connection;
    private final boolean isCarrying;
    private final Outcome outcome = new Outcome();

    private volatile boolean isOpen = true;
    /** Null until the end is near. */
    private Ending ending;
    /** Null while nothing waits for the peer. */
    private WriteWatch writeWatch;
    private boolean isReading;
    private boolean isBroken;
    private long closingSinceNanos = NOT_YET;
    private int place = Pulse.NOWHERE;

    NettyCarrier(Wire wire, ConnectionOptions set, Pulse pulse, Origin origin, Audience audience) {
        this.wire = wire;
        isCarrying = audience.listener() instanceof CarryingListener;
        options = isCarrying ? set.carrying() : set;
        this.pulse = pulse;
        this.origin = origin;
        outbox = new Outbox(wire, options, this, pulse);
        protocol = new WebSocketProtocol(origin.role(), options.limits(), origin.deflate(), outbox);
        protocol.tap(origin.tap());
        if (audience.wantsParts()) {
            protocol.receiveInParts();
        }
        if (!audience.keepsMessages()) {
            protocol.reuse(pulse.largeArrays());
        }
        intake = new Intake(wire, protocol, pulse);
        footprint = new Footprint(origin.budget());
        heartbeat = new Heartbeat(options, pulse.nanoTime());
        chronicle = new Chronicle(wire, pulse.nanoTime());
        connection = new NettyConnection(this, outbox, audience.overflow());
        handover = new Handover(this, audience, intake, outbox);
    }

    NettyConnection connection() {
        return connection;
    }

    Handover handover() {
        return handover;
    }

    /**
     * Begins, as the one whom the wire tells.
     *
     * @param head bytes that go before the first frame; may be empty
     * @param early bytes that came behind the peer's head, taken over; may be null
     */
    void open(byte[] head, ByteBuf early) {
        place = pulse.add(this);
        isReading = true;
        if (head.length > 0) {
            outbox.write(head);
            chronicle.omit(head.length);
        }
        handover.opened();
        if (early != null && early.isReadable()) {
            chronicle.received(early.readableBytes(), pulse.nanoTime());
            intake.add(early);
        } else if (early != null) {
            early.release();
        }
        handover.deliver();
        intake.keep();
        receivedAll();
    }

    // From the wire

    @Override
    public void received(ByteBuf read) {
        heartbeat.heard();
        chronicle.received(read.readableBytes(), pulse.nanoTime());
        if (ending != null && ending.hasBegun()) {
            ending.drop(read);
            return;
        }
        isReading = true;
        intake.add(read);
        handover.deliver();
        intake.keep();
    }

    @Override
    public void receivedAll() {
        isReading = false;
        settle();
        outbox.flush();
        weigh();
    }

    @Override
    public void inputEnded(String signal) {
        chronicle.inputEnded(signal);
        ending().inputEnded();
        lost();
    }

    @Override
    public void ended() {
        lost();
        forgetIfOver();
    }

    /** FIN, RST, or this end's own close: no more can be sent either, since a WebSocket has no half-open state. */
    private void lost() {
        isOpen = false;
        beginClosing();
        intake.end();
        handover.deliver();
        outbox.flush();
    }

    /** A peer can break a connection in many ways; none of them is worth a stack trace. */
    @Override
    public void failed(Throwable cause) {
        LOG.debug("{}: {}", wire, cause.toString());
        isBroken = true;
        chronicle.failed(cause);
        wire.close();
    }

    // From the handover

    void heardPong(byte[] payload) {
        heartbeat.pong(payload, pulse.nanoTime());
    }

    /** RFC 6455 §7.4.1: 1011, an unexpected condition that prevented the request from being fulfilled. */
    void listenerFailed(Throwable cause) {
        pulse.failed("listener", origin.opening().path(), cause);
        protocol.close(CloseReason.of(CloseReason.INTERNAL_ERROR, "the endpoint failed"));
    }

    /** Nobody uses a message any more, but what is to be sent after a message in parts. */
    void giveBack(Message message) {
        if (!isSendingParts()) {
            pulse.largeArrays().giveBack(message.bytes());
        }
    }

    void messageReceived() {
        chronicle.messageReceived();
    }

    void end(CloseReason reason) {
        outbox.flush();
        ending().begin(outbox::whenWritten);
        outbox.end();
        heartbeat.end(reason);
        outcome.tell(chronicle.report(reason, origin.opening().headers(), heartbeat.roundTrip(), pulse.nanoTime()), origin, pulse);
        handover.closed(reason);
        origin.onEnd().accept(connection);
        forgetIfOver();
    }

    /** Two ends, in either order: the application's, which a pause may delay, and the wire's, which a drain may. */
    private void forgetIfOver() {
        if (outcome.isDone() && !wire.isActive()) {
            place = pulse.remove(place);
            footprint.end();
        }
    }

    // The duties of a carrier

    /** Tells what is held now; who takes more than there is must go. */
    void weigh() {
        if (footprint.become(protocol.heldBytes() + intake.heldBytes() + outbox.heldBytes() + wire.heldBytes())) {
            shed();
        }
    }

    private void shed() {
        boolean isOwing = outbox.isLeaving();
        fail(OVERLOADED);
        if (isOwing) {
            wire.cut(); // what waits for this peer is what must go
        }
    }

    /** The peer has let the hard mark be passed. What it is owed may still leave, and its Close behind that, within the close wait. */
    void tooSlow() {
        fail(TOO_SLOW);
    }

    private void fail(CloseReason reason) {
        handover.stopPausing();
        protocol.fail(reason);
        handover.deliver();
    }

    /** Follows the engine's state after each call of it. */
    void settle() {
        if (protocol.state() == State.OPEN) {
            return;
        }
        isOpen = false;
        beginClosing();
        outbox.flush(); // a Close waits for nothing: behind the peer's next record, or FIN, may be no way to send any more
        if (protocol.endsTransport()) {
            ending().begin(outbox::whenWritten);
        }
    }

    private Ending ending() {
        ending = ending != null ? ending : new Ending(wire, pulse, options.closeWait());
        return ending;
    }

    private boolean isStuck(long now) {
        if (wire.waitingBytes() == 0) {
            writeWatch = null;
            return false;
        }
        writeWatch = writeWatch != null ? writeWatch : new WriteWatch(wire, options.writeDeadline());
        return writeWatch.isStuck(now, chronicle.sentBytes());
    }

    /** From here on the close timer runs: a peer that stays away does not keep a socket for ever. */
    private void beginClosing() {
        if (closingSinceNanos == NOT_YET) {
            closingSinceNanos = pulse.nanoTime();
            chronicle.closing();
            outbox.sendDeferred(); // all in vain now, and their stages say so
        }
    }

    @Override
    public void beat(long now) {
        if (ending != null) {
            ending.beat(now);
        }
        weigh();
        if (outcome.isDone()) {
            return; // TCP alone has still to end
        }
        boolean pingDue = heartbeat.isDue(now, intake.isPaused());
        if (closingSinceNanos != NOT_YET && now - closingSinceNanos >= options.closeWait().toNanos()) {
            giveUp();
        } else if (isStuck(now)) {
            chronicle.ends(How.WRITE_STALLED);
            wire.cut();
        } else if (heartbeat.isDead(now)) {
            chronicle.ends(How.MISSED_PONGS);
            wire.cut();
        } else if (pingDue) {
            protocol.ping(heartbeat.ping(now, null));
        }
        if (footprint.isGreedy(now)) {
            shed();
        }
        if (!intake.isPaused() && now >= protocol.deadlineNanos()) {
            protocol.expire(now);
        }
        settle();
        outbox.flush();
    }

    /** What carries this connection knows why it ends it. */
    void endsLike(How how, String signal) {
        chronicle.ends(how, signal);
    }

    /** The close timer. What came before a FIN may still be read after a pause; what this end has closed, or a peer reset, may not. */
    private void giveUp() {
        chronicle.ends(How.CLOSE_UNANSWERED);
        if (protocol.state() == State.OPEN && !isBroken) {
            wire.cut();
        } else {
            handover.stopPausing();
            lost();
        }
    }

    @Override
    public void drain() {
        if (!isCarrying()) {
            close(CloseReason.of(CloseReason.GOING_AWAY, "the server goes down"));
            flushSoon();
        }
    }

    @Override
    public boolean comesBack() {
        return !isCarrying();
    }

    /** Whether another connection's bytes pass here, which ends first. */
    boolean isCarrying() {
        return isCarrying;
    }

    @Override
    public void abort() {
        chronicle.ends(How.ABORTED);
        handover.stopPausing();
        wire.cut();
        lost();
    }

    // For the outbox

    boolean frame(Object what) {
        boolean isFramed = protocol.state() == State.OPEN && switch (what) {
            case Message message -> protocol.send(message);
            case PreparedMessage prepared -> protocol.send(prepared);
            case Part part -> protocol.send(part);
            default -> throw new IllegalArgumentException(String.valueOf(what));
        };
        if (isFramed && !(what instanceof Part part && !part.isLast())) {
            chronicle.messageSent();
        }
        return isFramed;
    }

    void sent(long bytes) {
        chronicle.sent(bytes, pulse.latelyNanos());
    }

    /** The outbox has drained below the low mark. */
    void becameWritable() {
        handover.becameWritable();
    }

    /** The peer has taken the last Pong: the latest Ping since then, if any, has its own now. */
    void answerPing() {
        protocol.answerPing();
        outbox.flushLater();
    }

    boolean isSendingParts() {
        return protocol.isSendingParts() && protocol.state() == State.OPEN;
    }

    /** Where what is held is counted; may be null. */
    MemoryBudget budget() {
        return origin.budget();
    }

    /** Whether what is framed now is flushed without further ado. */
    boolean flushesSoon() {
        return isReading;
    }

    boolean isOnLoop() {
        return wire.loop().inEventLoop();
    }

    RuntimeException closedException() {
        return outcome.exception(isOnLoop() ? protocol.closeReason() : null);
    }

    // For the connection: the loop alone

    Tunnel openBeside(Opening opening, Endpoint endpoint, Tunnel.Line line) {
        Origin beside = new Origin(Role.SERVER, opening, null, null, origin.budget(), ended -> {});
        return new TunnelChannel(wire.remoteAddress(), pulse, line).open(wire.loop(), options, beside, Audience.of(endpoint, opening));
    }

    // For the connection: any thread

    Opening opening() {
        return origin.opening();
    }

    Executor loop() {
        return wire.loop();
    }

    Optional<TransportInfo> transportInfo() {
        return wire.transportInfo();
    }

    /** False from the moment on at which the wire is closed: nothing can be sent any more, though its end is still to be told. */
    boolean isOpen() {
        return isOpen && wire.isActive();
    }

    /** The last one measured, or null. */
    Duration roundTrip() {
        return heartbeat.roundTrip();
    }

    Outcome outcome() {
        return outcome;
    }

    // For the connection: the loop alone

    void close(CloseReason reason) {
        protocol.close(reason);
    }

    void ping(CompletableFuture<Duration> answered) {
        if (!protocol.ping(heartbeat.ping(pulse.nanoTime(), answered))) {
            answered.completeExceptionally(closedException());
        }
    }

    /** After a call on the loop: what it did is seen to, and leaves with what else is sent at this moment. */
    void flushSoon() {
        settle();
        outbox.flushLater();
    }
}
