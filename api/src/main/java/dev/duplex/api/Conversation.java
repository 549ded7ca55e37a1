package dev.duplex.api;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A connection in blocking style: {@code for (Message m : conversation) conversation.send(m);}
 *
 * <p>What comes is held up to 64 KiB or 16 messages; then nothing more is read until it has been received here, so that a
 * slow reader slows its peer through TCP. Sending waits while the peer is slow. Methods may be called from any thread but
 * the connection's own.
 */
public final class Conversation implements Iterable<Message>, AutoCloseable {
    /** Where reading pauses: as much as one socket buffer, so that a reader never waits for the loop between two messages. */
    static final long HELD_BYTES = 64 * 1024;

    /** The same by count, because small messages cost more than their bytes. */
    static final int HELD_EVENTS = 16;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(6);

    private final LinkedBlockingQueue<Event> arrived = new LinkedBlockingQueue<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final ReentrantLock sending = new ReentrantLock();
    private final Connection connection;
    private volatile boolean isPaused;
    private volatile boolean isClosing;

    private Conversation(Connection connection) {
        this.connection = connection;
    }

    /** A listener that starts {@code talk} on a virtual thread once the connection is open. */
    static Listener onVirtualThread(Endpoint.Talk talk, boolean wantsParts) {
        return new Inbox(wantsParts, conversation -> Thread.ofVirtual().name("duplex-conversation").start(() -> conversation.run(talk)));
    }

    /**
     * A listener that hands its conversation over once the connection is open; for carriers.
     *
     * @param opened completes on the owner's thread
     * @param wantsParts whether {@link #receivePart} will be used instead of {@link #receive}
     */
    public static Listener listener(CompletableFuture<Conversation> opened, boolean wantsParts) {
        return new Inbox(wantsParts, opened::complete);
    }

    /** The connection underneath. */
    public Connection connection() {
        return connection;
    }

    /** The request that opened the connection. */
    public Opening opening() {
        return connection.opening();
    }

    /**
     * Waits for room, then sends.
     *
     * @throws ClosedException if the connection has ended
     */
    public void send(Message message) {
        inTurn(() -> connection.send(message));
    }

    /** Sends a text message; see {@link #send(Message)}. */
    public void send(String text) {
        send(Message.text(text));
    }

    /** Sends a binary message and takes over its bytes; see {@link #send(Message)}. */
    public void send(byte[] bytes) {
        send(Message.binary(bytes));
    }

    /** Sends a piece of a message too large to be held; see {@link Connection#send(Part)}. */
    public void send(Part part) {
        inTurn(() -> connection.send(part));
    }

    /**
     * Waits for the next message.
     *
     * @throws ClosedException if the connection has ended and every message before was received
     */
    public Message receive() {
        return (Message) take();
    }

    /**
     * Waits for the next message for a limited time.
     *
     * @throws TimeoutException if none came in time
     * @throws ClosedException if the connection has ended and every message before was received
     */
    public Message receive(Duration atMost) throws TimeoutException {
        Event event;
        try {
            event = arrived.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        if (event == null) {
            throw new TimeoutException("no message within " + atMost);
        }
        return (Message) received(event);
    }

    /**
     * Waits for the next part; only if the conversation was opened in parts.
     *
     * @throws ClosedException if the connection has ended and every part before was received
     */
    public Part receivePart() {
        return (Part) take();
    }

    /** The messages as they come, until the connection ends. */
    @Override
    public Iterator<Message> iterator() {
        return new Iterator<>() {
            private Message next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    try {
                        next = receive();
                    } catch (ClosedException ended) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public Message next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the connection has ended");
                }
                Message message = next;
                next = null;
                return message;
            }
        };
    }

    /** Closes with 1000 and waits for the end, at most 6 s: the peer's 5 s and the transport's. */
    @Override
    public void close() {
        close(CloseReason.NORMAL, "");
    }

    /** Closes with a code and a reason, and waits for the end; see {@link Connection#close(int, String)}. */
    public void close(int code, String text) {
        connection.close(code, text);
        // What still comes is read and dropped, or a paused connection would never see the peer's Close.
        isClosing = true;
        connection.resume();
        try {
            connection.closed().toCompletableFuture().copy().orTimeout(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException stillOpen) {
            // The carrier's close timer ends it; waiting longer would only block the caller.
            return;
        }
    }

    /** Why the connection ended, once it has. */
    public CloseReason closeReason() {
        return connection.closed().toCompletableFuture().getNow(null);
    }

    private void run(Endpoint.Talk talk) {
        try {
            talk.with(this);
            close();
        } catch (ClosedException ended) {
            connection.close();
        } catch (Exception | Error e) {
            connection.close(CloseReason.INTERNAL_ERROR, "the endpoint failed");
            Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), e);
        }
    }

    private void inTurn(Runnable send) {
        sending.lock();
        try {
            connection.writable().toCompletableFuture().join();
            if (!connection.isOpen()) {
                throw new ClosedException(reasonNow());
            }
            send.run();
        } finally {
            sending.unlock();
        }
    }

    private CloseReason reasonNow() {
        CloseReason reason = closeReason();
        return reason != null ? reason : new CloseReason(CloseReason.NO_CODE, "closing", CloseReason.Initiator.LOCAL, false);
    }

    private Event take() {
        try {
            return received(arrived.take());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private Event received(Event event) {
        if (event instanceof Event.Closed closed) {
            arrived.add(closed); // for the next who asks
            throw new ClosedException(closed.reason());
        }
        heldBytes.addAndGet(-weight(event));
        resumeIfDrained();
        return event;
    }

    private void arrive(Event event) {
        if (isClosing) {
            return;
        }
        long held = heldBytes.addAndGet(weight(event));
        arrived.add(event);
        if (held >= HELD_BYTES || arrived.size() >= HELD_EVENTS) {
            // Said only once it is so: a reader that resumed before the pause came would be overruled by it, and wait for ever.
            connection.pause();
            isPaused = true;
            resumeIfDrained(); // by a reader that took all before it could see the pause
        }
    }

    private void resumeIfDrained() {
        if (isPaused && heldBytes.get() <= HELD_BYTES / 2 && arrived.size() <= HELD_EVENTS / 2) {
            isPaused = false;
            connection.resume();
        }
    }

    private static long weight(Event event) {
        return switch (event) {
            case Message message -> message.byteLength();
            case Part part -> part.bytes().length;
            default -> 0;
        };
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a message");
    }

    /** Fills a conversation from the owner's thread. */
    private static final class Inbox implements Listener {
        private final boolean wantsParts;
        private final Consumer<Conversation> opened;
        private Conversation conversation;

        Inbox(boolean wantsParts, Consumer<Conversation> opened) {
            this.wantsParts = wantsParts;
            this.opened = opened;
        }

        @Override
        public void onOpen(Connection connection) {
            conversation = new Conversation(connection);
            opened.accept(conversation);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            conversation.arrive(message);
        }

        @Override
        public void onPart(Connection connection, Part part) {
            conversation.arrive(part);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            conversation.arrived.add(new Event.Closed(reason));
        }

        @Override
        public boolean wantsParts() {
            return wantsParts;
        }
    }
}
