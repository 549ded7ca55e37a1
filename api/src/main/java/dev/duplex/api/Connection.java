package dev.duplex.api;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import dev.duplex.protocol.PreparedMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * One open WebSocket, whatever carries it.
 *
 * <p>Every method may be called from any thread. Messages of one thread keep their order; messages of several threads are
 * never interleaved. On a virtual thread {@code send} waits while the peer has more than the high mark still to take;
 * elsewhere it returns at once and {@link Overflow} rules.
 */
public interface Connection {

    /** The request that opened this connection. */
    Opening opening();

    /**
     * Sends a message and takes over its bytes.
     *
     * @return completes when the bytes have left for the operating system; fails with {@link ClosedException} if the
     *     connection ended first, and with {@link OverflowException} if the message was dropped
     */
    CompletionStage<Void> send(Message message);

    /** Sends a text message; see {@link #send(Message)}. */
    default CompletionStage<Void> send(String text) {
        return send(Message.text(text));
    }

    /** Sends a binary message and takes over its bytes; see {@link #send(Message)}. */
    default CompletionStage<Void> send(byte[] bytes) {
        return send(Message.binary(bytes));
    }

    /** Sends what was framed once for many connections; see {@link #send(Message)}. */
    CompletionStage<Void> send(PreparedMessage message);

    /**
     * Sends a piece of a message too large to be held; other messages wait until its last part is sent.
     *
     * <p>One message in parts at a time: parts must come from one thread, or in an order that the caller keeps.
     */
    CompletionStage<Void> send(Part part);

    /** Sends a Ping; completes with the round trip when its Pong comes, and fails with {@link ClosedException} if none can. */
    CompletionStage<Duration> ping();

    /** The round trip of the last Ping that was answered, own or automatic. */
    Optional<Duration> roundTrip();

    /** What the operating system knows of the transport; empty where it does not tell, as over anything but TCP with Linux's epoll. */
    default Optional<TransportInfo> transportInfo() {
        return Optional.empty();
    }

    /** Begins the closing handshake with code 1000; does nothing if it has begun. */
    default void close() {
        close(CloseReason.NORMAL, "");
    }

    /**
     * Begins the closing handshake; does nothing if it has begun.
     *
     * @param code 1000–1003, 1007–1014 or 3000–4999
     * @param text at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code may not be sent or the text is too long
     */
    void close(int code, String text);

    /** Completes with the reason once the connection has ended; never fails. */
    CompletionStage<CloseReason> closed();

    /** All that is known of the end, from just before {@link Listener#onClose} on; empty while the connection stands. */
    default Optional<CloseReport> closeReport() {
        return Optional.empty();
    }

    /** Whether messages can still be sent: no Close was sent or received, and the transport stands. */
    boolean isOpen();

    /** The bytes that were sent and have not yet left for the operating system. */
    long bufferedBytes();

    /** Whether it is open and {@link #bufferedBytes} is below the high mark. */
    boolean isWritable();

    /** Completes at once if {@link #isWritable}, else when the buffer has drained below the low mark, or the connection ends. */
    CompletionStage<Void> writable();

    /** Reads nothing more until {@link #resume}: the peer feels it through TCP. At most one message that came already follows. */
    void pause();

    /** Reads on. */
    void resume();

    /** The thread that this connection's listener is called on, as an executor. */
    Executor owner();
}
