package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * One WebSocket connection after its opening handshake: bytes in, events and bytes out (RFC 6455).
 *
 * <p>The four duties of a carrier, after every call:
 *
 * <ol>
 *   <li>write to the peer what went into the {@link Output};
 *   <li>if {@link #endsTransport}, flush, half-close, drain briefly and end the transport;
 *   <li>if {@link #state} is {@code CLOSE_SENT} or {@code ENDING}, see that a close timer runs which ends the transport;
 *   <li>after a receive, take events with {@link #next} until it returns null.
 * </ol>
 *
 * <p>When the transport has ended, by whomever, it calls {@link #transportEnded} and takes the last events. Not thread-safe:
 * one owner, one thread. What the peer does never throws; what the caller does wrong may.
 */
public final class WebSocketProtocol {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final byte[] EMPTY = {};

    private final Role role;
    private final PerMessageDeflate deflate;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final MessageAssembler assembler;
    private final RateLimit controlRate;
    private final RateLimit messageRate;
    private final Deadline deadline;

    private boolean isInParts;
    private ByteBuffer input = NOTHING;
    private long nowNanos;
    private byte[] control = EMPTY;
    private byte[] unanswered;

    private State state = State.OPEN;
    private CloseReason closeReason;
    private boolean hasTransportEnded;
    private SendingParts sendingParts = SendingParts.NONE;

    private enum SendingParts { NONE, TEXT, BINARY }

    /**
     * An engine for one connection.
     *
     * @param role which end this is
     * @param limits what the peer may make this end hold or do
     * @param deflate the negotiated compression, or null; released by the engine at its end
     * @param output where frames are written
     */
    public WebSocketProtocol(Role role, Limits limits, PerMessageDeflate deflate, Output output) {
        this.role = Objects.requireNonNull(role, "role");
        this.deflate = deflate;
        reader = new FrameReader(role, deflate != null);
        writer = new FrameWriter(role, Objects.requireNonNull(output, "output"));
        assembler = new MessageAssembler(limits, deflate);
        controlRate = new RateLimit(limits.controlBurst(), limits.controlPerSecond());
        messageRate = limits.messageBurst() == 0 ? null : new RateLimit(limits.messageBurst(), limits.messagesPerSecond());
        deadline = new Deadline(limits);
    }

    /** Hands messages over in parts instead of whole; before the first {@link #receive}. */
    public void receiveInParts() {
        isInParts = true;
    }

    /** Takes the arrays of large messages from there, where there are any; whoever gets the messages gives them back. */
    public void reuse(LargeArrays arrays) {
        assembler.reuse(arrays);
    }

    /** Shows each frame to {@code tap}; null for nobody. */
    public void tap(WireTap newTap) {
        writer.tap(newTap);
    }

    /**
     * Takes what arrived; nothing is parsed before {@link #next}. Never throws for what the bytes hold.
     *
     * @param newInput read in the following calls of {@link #next} until they return null; it must stay valid and unchanged until
     *     then, and the next {@code receive} must not come before; its byte order becomes big-endian
     * @param now a monotonic time in nanoseconds
     * @throws IllegalStateException if what was received before is not used up
     */
    public void receive(ByteBuffer newInput, long now) {
        if (!needsInput()) {
            throw new IllegalStateException("take events until next() returns null before the next receive");
        }
        input = newInput.order(ByteOrder.BIG_ENDIAN);
        nowNanos = now;
        deadline.received(newInput.remaining());
    }

    /**
     * The next event in what was received, or null if it is used up.
     *
     * <p>A carrier that must pause stops calling, and goes on later.
     */
    public Event next() {
        while (state == State.OPEN || state == State.CLOSE_SENT) {
            if (!reader.isInFrame() && !beginFrame()) {
                break;
            }
            Event event = Opcode.isControl(reader.opcode()) ? readControl() : readData();
            if (assembler.violation() != null) {
                fail(assembler.violation());
            } else if (event != null) {
                return event;
            } else if (lacksPayload()) {
                break;
            }
        }
        return usedUp();
    }

    private boolean lacksPayload() {
        return reader.isInFrame() && needsInput();
    }

    /** Whether what was received is used up, so that {@link #receive} may be called. */
    public boolean needsInput() {
        return !input.hasRemaining() && !assembler.isInflating();
    }

    /** How many bytes of the input are not used yet. */
    public int inputBytes() {
        return input.remaining();
    }

    /**
     * Moves what is not used yet of the input, whose buffer is wanted elsewhere, to another one.
     *
     * @param into has room for {@link #inputBytes} from its beginning, and is the engine's until they are used
     */
    public void moveInput(ByteBuffer into) {
        into.clear();
        input = into.put(input).flip().order(ByteOrder.BIG_ENDIAN);
    }

    /** Reads a header and judges it; false if more input is needed or the frame is refused. */
    private boolean beginFrame() {
        if (!reader.readHeader(input, assembler.isInMessage())) {
            if (reader.violation() != null) {
                fail(reader.violation());
            }
            return false;
        }
        if (writer.tap() != null) {
            writer.tap().frame(WireTap.Direction.IN, reader.opcode(), reader.isFinal(), reader.isCompressed(), role == Role.SERVER,
                    reader.payloadBytes());
        }
        Violation violation = Opcode.isControl(reader.opcode()) ? beginControl() : beginData();
        if (violation != null) {
            fail(violation);
        }
        return violation == null;
    }

    private Violation beginControl() {
        control = reader.payloadBytes() == 0 ? EMPTY : new byte[(int) reader.payloadBytes()];
        return controlRate.allows(nowNanos) ? null : Violation.TOO_MANY_CONTROL_FRAMES;
    }

    private Violation beginData() {
        if (messageRate != null && reader.opcode() != Opcode.CONTINUATION && !messageRate.allows(nowNanos)) {
            return Violation.TOO_MANY_MESSAGES;
        }
        return assembler.beginFrame(reader, !isInParts);
    }

    private Event readData() {
        if (!isInParts) {
            Message message = assembler.readWhole(reader, input);
            if (message != null) {
                deadline.clear();
            }
            return message;
        }
        Part part = assembler.isInflating() ? assembler.inflatePart(reader) : assembler.readPart(reader, input);
        if (!reader.isInFrame()) {
            deadline.clear(); // a message in parts may take as long as it likes, each of its frames may not
        }
        return part;
    }

    private Event readControl() {
        int available = reader.available(input);
        reader.readPayload(input, control, control.length - (int) reader.remaining(), available);
        if (reader.remaining() > 0) {
            return null;
        }
        reader.endFrame();
        // A whole message that was begun still has its deadline; between the frames of one in parts there is none.
        if (isInParts || !assembler.isInMessage()) {
            deadline.clear();
        }
        return switch (reader.opcode()) {
            case Opcode.PING -> receivePing();
            case Opcode.PONG -> new Event.Pong(control);
            default -> {
                receiveClose();
                yield null;
            }
        };
    }

    private Event receivePing() {
        // §5.5.3: an endpoint that has not yet answered previous Pings may answer the most recent one alone.
        unanswered = control;
        answerPing();
        return new Event.Ping(control);
    }

    /** Answers the latest Ping if that waits for the {@link Output}; the carrier calls it when that takes a Pong again. */
    public void answerPing() {
        // §5.5.2: upon a Ping, an endpoint MUST send a Pong, unless it already received a Close frame.
        if (unanswered != null && writer.takesPong()) {
            pong(unanswered);
            unanswered = null;
        }
    }

    private void receiveClose() {
        Violation violation = ClosePayload.check(control);
        if (violation != null) {
            fail(violation);
            return;
        }
        boolean isAnswer = state == State.CLOSE_SENT;
        if (!isAnswer) {
            // §5.5.1: if it did not send a Close frame before, an endpoint MUST send one in response, typically echoing the code.
            writeControl(Opcode.CLOSE, control, Math.min(2, control.length));
        }
        CloseReason.Initiator initiator = isAnswer ? CloseReason.Initiator.LOCAL : CloseReason.Initiator.PEER;
        end(State.Cause.RECEIVE_CLOSE, new CloseReason(ClosePayload.code(control), ClosePayload.text(control), initiator, true));
    }

    /**
     * Fails the connection: sends Close, if none was sent, lets go of all that is held, and processes nothing more.
     *
     * <p>For a carrier that can bear no more of this peer. Nothing happens once the connection is ending.
     */
    public void fail(CloseReason reason) {
        CloseReason.of(reason.code(), reason.text());
        if (state == State.OPEN || state == State.CLOSE_SENT) {
            failWith(reason);
        }
    }

    /** §7.1.7: to fail the connection is to send Close with a code, if none was sent, and to process nothing more. */
    private void fail(Violation violation) {
        failWith(violation.reason());
    }

    private void failWith(CloseReason reason) {
        if (state == State.OPEN) {
            byte[] payload = ClosePayload.of(reason.code(), reason.text());
            writeControl(Opcode.CLOSE, payload, payload.length);
        }
        end(State.Cause.VIOLATION, reason);
    }

    private void end(State.Cause cause, CloseReason reason) {
        state = state.after(cause);
        closeReason = reason;
        assembler.release();
        deadline.clear();
        if (deflate != null) {
            deflate.release();
        }
    }

    /** No event is left in the input: sees to the deadline of what is unfinished, and tells the end if the transport has gone. */
    private Event usedUp() {
        input = NOTHING; // after the end of a connection, whatever is left in it counts for nothing
        if (state != State.ENDING && state != State.CLOSED && (!reader.isBetweenFrames() || assembler.isInMessage() && !isInParts)) {
            deadline.begin(nowNanos);
        }
        if (!hasTransportEnded || state == State.CLOSED) {
            return null;
        }
        boolean wasClosing = state == State.CLOSE_SENT;
        CloseReason reason = closeReason != null ? closeReason : new CloseReason(CloseReason.ABNORMAL, "",
                wasClosing ? CloseReason.Initiator.LOCAL : CloseReason.Initiator.TRANSPORT, false);
        end(State.Cause.TRANSPORT_ENDED, reason);
        return new Event.Closed(reason);
    }

    /** The transport has ended, by FIN, by RST or by this end: {@link #next} then gives what is left and {@link Event.Closed}. */
    public void transportEnded() {
        hasTransportEnded = true;
    }

    /**
     * Frames a message. @return false if a Close has been sent or received, and nothing was written
     *
     * @throws IllegalStateException if a message in parts has begun and its last part was not sent
     * @throws IllegalArgumentException if compression is negotiated and would make more than an array of 2 GiB can hold
     */
    public boolean send(Message message) {
        if (!maySendMessage()) {
            return false;
        }
        byte[] bytes = message.bytes();
        int opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
        if (deflate != null && deflate.compresses(message)) {
            writeDeflated(opcode, true, true, bytes);
        } else {
            writer.write(opcode, true, false, bytes, 0, bytes.length);
        }
        return true;
    }

    /** Frames a prepared message; see {@link #send(Message)}. */
    public boolean send(PreparedMessage message) {
        byte[] frame = role == Role.SERVER ? message.frame(deflate) : null;
        if (frame == null) {
            return send(message.message());
        }
        if (!maySendMessage()) {
            return false;
        }
        writer.write(frame);
        return true;
    }

    private boolean maySendMessage() {
        if (isSendingParts()) {
            throw new IllegalStateException("a message in parts has begun and its last part was not sent");
        }
        return maySend();
    }

    private boolean maySend() {
        return state == State.OPEN && !hasTransportEnded;
    }

    /**
     * Frames a part as a fragment; see {@link #send(Message)}.
     *
     * @throws IllegalStateException if the kind changes within a message
     */
    public boolean send(Part part) {
        if (!maySend()) {
            return false;
        }
        SendingParts kind = part.isText() ? SendingParts.TEXT : SendingParts.BINARY;
        boolean isFirst = sendingParts == SendingParts.NONE;
        if (!isFirst && sendingParts != kind) {
            throw new IllegalStateException("the parts of a message must all be text or all binary");
        }
        int opcode = !isFirst ? Opcode.CONTINUATION : part.isText() ? Opcode.TEXT : Opcode.BINARY;
        if (deflate != null) {
            writeDeflated(opcode, part.isLast(), isFirst, part.bytes());
        } else {
            writer.write(opcode, part.isLast(), false, part.bytes(), 0, part.bytes().length);
        }
        sendingParts = part.isLast() ? SendingParts.NONE : kind;
        return true;
    }

    private void writeDeflated(int opcode, boolean isFinal, boolean isFirst, byte[] bytes) {
        ByteBuffer small = deflate.deflate(bytes, 0, bytes.length, isFinal);
        writer.write(opcode, isFinal, isFirst, small.array(), small.arrayOffset() + small.position(), small.remaining());
    }

    /** Whether a message in parts has begun and its last part is still to be sent, so that no other may be. */
    public boolean isSendingParts() {
        return maySend() && sendingParts != SendingParts.NONE; // at the end of a connection the last part can't be sent any more
    }

    /**
     * Sends a Ping of at most 125 bytes. @return false as {@link #send(Message)}
     *
     * @throws IllegalArgumentException if the payload is longer
     */
    public boolean ping(byte[] payload) {
        return sendControl(Opcode.PING, payload);
    }

    /**
     * Sends a Pong of at most 125 bytes. @return false as {@link #send(Message)}
     *
     * @throws IllegalArgumentException if the payload is longer
     */
    public boolean pong(byte[] payload) {
        return sendControl(Opcode.PONG, payload);
    }

    private boolean sendControl(int opcode, byte[] payload) {
        if (payload.length > FrameHeader.MAX_CONTROL_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a control frame has at most 125 bytes, not " + payload.length + " (RFC 6455 §5.5)");
        }
        if (!maySend()) {
            return false;
        }
        writeControl(opcode, payload, payload.length);
        return true;
    }

    private void writeControl(int opcode, byte[] payload, int length) {
        writer.write(opcode, true, false, payload, 0, length);
    }

    /** Sends Close with the reason's code and text, once; nothing happens if one was sent or received. */
    public void close(CloseReason reason) {
        CloseReason.of(reason.code(), reason.text());
        sendClose(ClosePayload.of(reason.code(), reason.text()));
    }

    /** Sends Close without code or reason, once. */
    public void close() {
        sendClose(EMPTY);
    }

    private void sendClose(byte[] payload) {
        if (maySend()) {
            writeControl(Opcode.CLOSE, payload, payload.length);
            state = state.after(State.Cause.SEND_CLOSE);
        }
    }

    /**
     * When {@link #expire} must be called next, in the nanoseconds that {@link #receive} was told; {@code Long.MAX_VALUE} for
     * never.
     */
    public long deadlineNanos() {
        return deadline.nanos();
    }

    /** Fails the connection with 1008 if a message was begun and its deadline is over. */
    public void expire(long now) {
        if (deadline.isOver(now)) {
            fail(Violation.TOO_SLOW);
        }
    }

    /** Moves the deadline by a time in which this end itself did not read. */
    public void extendDeadline(long nanos) {
        deadline.extend(nanos);
    }

    /** What the peer's unfinished message and the compression hold now, in bytes: its copies, windows and native memory too. */
    public long heldBytes() {
        return assembler.heldBytes() + (deflate == null ? 0 : deflate.heldBytes());
    }

    /** Where the connection stands. */
    public State state() {
        return state;
    }

    /**
     * Whether this end must now end the transport: always when ENDING, but for a client after a clean handshake, which lets the
     * server go first (RFC 6455 §7.1.1).
     */
    public boolean endsTransport() {
        return state == State.ENDING && (role == Role.SERVER || !closeReason.isClean());
    }

    /** Why the connection ends, from ENDING on; null before. */
    public CloseReason closeReason() {
        return closeReason;
    }
}
