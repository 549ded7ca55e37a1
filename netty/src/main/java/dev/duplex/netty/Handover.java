package dev.duplex.netty;

import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;

/**
 * Hands what one connection has received over to its listener, until that is used up or reading is paused.
 *
 * <pre>
 *   channel ──► {@link NettyCarrier} ──► {@link Intake} ── events ──► here ──► listener
 * </pre>
 *
 * <p>A listener that throws is told nothing more but the end. Used on the loop alone, but for {@link #wantsPause}.
 */
final class Handover {
    private final NettyCarrier carrier;
    private final Listener listener;
    private final boolean keepsMessages;
    private final Intake intake;
    private final Outbox outbox;

    private volatile boolean wantsPause;
    private boolean isDelivering;
    private boolean hasFailed;

    Handover(NettyCarrier carrier, Audience audience, Intake intake, Outbox outbox) {
        this.carrier = carrier;
        listener = audience.listener();
        this.intake = intake;
        this.outbox = outbox;
        keepsMessages = audience.keepsMessages();
    }

    void opened() {
        try {
            listener.onOpen(carrier.connection());
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** Hands over events until the input is used up or reading is paused. */
    void deliver() {
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
        carrier.settle();
        intake.readOn();
    }

    private void pauseOnOverflow() {
        if (carrier.connection().overflow() == Overflow.PAUSE && !outbox.isWritable()) {
            outbox.flush();
            if (!outbox.tellsWhenWritable()) {
                intake.pause(Intake.BY_OVERFLOW);
            }
        }
    }

    private void dispatch(Event event) {
        try {
            switch (event) {
                case Message message when !hasFailed -> {
                    carrier.messageReceived();
                    listener.onMessage(carrier.connection(), message);
                    if (!keepsMessages) {
                        carrier.giveBack(message);
                    }
                }
                case Part part when !hasFailed -> {
                    if (part.isLast()) {
                        carrier.messageReceived();
                    }
                    listener.onPart(carrier.connection(), part);
                }
                case Event.Pong pong -> carrier.heardPong(pong.payload());
                case Event.Closed end -> carrier.end(end.reason());
                default -> { } // a Ping is answered already, and a listener that failed is told nothing more but the end
            }
        } catch (Throwable t) {
            failed(t);
        }
    }

    private void failed(Throwable cause) {
        hasFailed = true;
        carrier.listenerFailed(cause);
    }

    /** The peer has taken what it was owed, down to the low mark. */
    void becameWritable() {
        if (carrier.isOpen() && !hasFailed) {
            try {
                listener.onWritable(carrier.connection());
            } catch (Throwable t) {
                failed(t);
            }
        }
        if (intake.resume(Intake.BY_OVERFLOW)) {
            deliver();
        }
        outbox.flushLater();
    }

    /** The listener's last call. */
    void closed(CloseReason reason) {
        try {
            listener.onClose(carrier.connection(), reason);
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** Any thread: whether the application wants to hear nothing for now. */
    void wantsPause(boolean wants) {
        wantsPause = wants;
    }

    /** Pause and resume may come from several threads: the last word counts, whichever task runs first. */
    void followPause() {
        if (wantsPause) {
            intake.pause(Intake.BY_APPLICATION);
        } else if (intake.resume(Intake.BY_APPLICATION)) {
            deliver();
        }
    }

    /** Nothing that waits is of use any more. */
    void stopPausing() {
        wantsPause = false;
        intake.drop();
    }
}
