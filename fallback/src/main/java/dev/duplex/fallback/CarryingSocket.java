package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.api.Overflow;
import dev.duplex.netty.CarryingListener;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One WebSocket that carries a session's bytes, at either end.
 *
 * <pre>
 *   binary    the next bytes; numbered on from the number that the other end wanted first
 *   text      n        the number of the next byte wanted, which acknowledges those below
 *             at n     the next bytes begin at n: those below have come by a request meanwhile
 *             end      as FIN: no more bytes will come
 * </pre>
 *
 * <p>Its events are passed on to the thread of who uses it, in order, and wait until there is one.
 */
final class CarryingSocket implements CarryingListener {
    /** Says at the opening of a WebSocket what will pass. */
    static final String SUBPROTOCOL = "duplex.session";

    private static final String END = "end";
    private static final String AT = "at ";

    /** No WebSocket that keeps to the window has so many bytes on the way to the thread that takes them. */
    static final long MOST_PENDING_BYTES = 4L * SendBuffer.WINDOW_BYTES;

    /** How often the same number may come within so many seconds: it asks whether anything comes through, which no end does once a second. */
    static final int MOST_QUESTIONS = 100;
    static final long QUESTIONS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int PIECE_BYTES = 32 * 1024;
    private static final int MESSAGE_BYTES = 64;

    /** Who sends and takes a session's bytes; called on its own thread. */
    interface User {
        /** @param wanted empty if the peer has said what has no meaning */
        void wants(CarryingSocket socket, OptionalLong wanted);

        /** No more bytes will come. */
        void ended(CarryingSocket socket);

        /** @param at the number of the first of some bytes */
        void came(CarryingSocket socket, byte[] bytes, long at);

        void writable(CarryingSocket socket);

        void gone(CarryingSocket socket);
    }

    private final CompletableFuture<String> greeting = new CompletableFuture<>();
    private final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final Consumer<CarryingSocket> whenOpen;
    private final List<Consumer<User>> waiting = new ArrayList<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile Connection connection;
    private volatile boolean isLeft;
    private User user;
    private Executor loop;

    /** The user's: the numbers of the next byte that comes here, and of the next to be sent as the peer counts, and the last it was told. */
    private long at;
    private long next;
    private long told;
    private OptionalLong lastWanted = OptionalLong.empty();
    private int questions;
    private long questionsSinceNanos;

    /** One at a client, whose user is not yet known. */
    CarryingSocket() {
        whenOpen = open -> { };
    }

    /** One at a server, whose user is told when it has opened. */
    CarryingSocket(User user, Executor loop, Consumer<CarryingSocket> whenOpen) {
        greeting.complete("");
        answer.complete(null);
        this.user = user;
        this.loop = loop;
        this.whenOpen = whenOpen;
    }

    /** From now on events go to a user, those first that have waited; on the connection's thread. */
    void use(User newUser, Executor itsLoop) {
        user = newUser;
        loop = itsLoop;
        waiting.forEach(this::pass);
        waiting.clear();
    }

    Connection connection() {
        return connection;
    }

    /** The server's first text, at a client: the way down lets something through. */
    CompletableFuture<String> greeting() {
        return greeting;
    }

    /** The server has answered what this client told: so does the way up. */
    CompletableFuture<Void> answer() {
        return answer;
    }

    // For the user, on its thread

    /** The next byte from the peer has this number. */
    void receiveAt(long number) {
        at = number;
    }

    /** The peer believes that the next byte to it has this number. */
    void sendAt(long number) {
        next = number;
    }

    /** Wants the bytes from a number on. */
    void tell(long wanted) {
        told = wanted;
        say(Long.toString(wanted));
    }

    long told() {
        return told;
    }

    void say(String text) {
        connection.send(text);
    }

    void sayEnd() {
        say(END);
    }

    /** Sends what there is from a number on, as far as the peer takes it. @return the number of the next byte to be sent */
    long send(SendBuffer out, long from) {
        long sent = Math.max(from, out.start());
        while (sent < out.end() && connection.isWritable()) {
            if (sent != next) {
                say(AT + sent);
            }
            byte[] piece = out.from(sent, PIECE_BYTES);
            sent += piece.length;
            next = sent;
            connection.send(piece);
        }
        return sent;
    }

    private void told(User its, String text) {
        OptionalLong begins = text.startsWith(AT) ? Parameters.number(text.substring(AT.length())) : OptionalLong.empty();
        if (text.equals(END)) {
            its.ended(this);
        } else if (begins.isPresent() && begins.getAsLong() >= at) {
            at = begins.getAsLong();
        } else {
            wanted(its, Parameters.number(text));
        }
    }

    /** An answer costs more than the question. */
    private void wanted(User its, OptionalLong number) {
        long now = System.nanoTime();
        if (!number.equals(lastWanted) || now - questionsSinceNanos >= QUESTIONS_NANOS) {
            lastWanted = number;
            questions = 0;
            questionsSinceNanos = now;
        }
        if (++questions > MOST_QUESTIONS) {
            refuse("the same question too often");
        } else {
            its.wants(this, number);
        }
    }

    private void came(User its, byte[] bytes) {
        long first = at;
        at += bytes.length;
        its.came(this, bytes, first);
    }

    /** No more is wanted here, whether it has opened or not; the session goes on. */
    void leave() {
        isLeft = true;
        end(CloseReason.NORMAL, "");
    }

    /** The peer does what it may not. */
    void refuse(String why) {
        end(CloseReason.POLICY_VIOLATION, why);
    }

    private void end(int code, String why) {
        Connection open = connection;
        if (open != null) {
            open.close(code, why);
        }
    }

    // The WebSocket

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        if (isLeft) {
            leave();
        }
        pass(its -> whenOpen.accept(this));
    }

    @Override
    public void onMessage(Connection from, Message message) {
        if (!greeting.isDone()) {
            greeting.complete(message.isText() ? message.text() : "");
            return;
        }
        int bytes = message.byteLength() + MESSAGE_BYTES;
        if (pendingBytes.addAndGet(bytes) > MOST_PENDING_BYTES) {
            refuse("more than was asked for");
            return;
        }
        pass(its -> {
            pendingBytes.addAndGet(-bytes);
            if (message.isText()) {
                told(its, message.text());
            } else {
                came(its, message.bytes());
            }
        });
        if (message.isText()) {
            answer.complete(null);
        }
    }

    @Override
    public void onWritable(Connection drained) {
        pass(its -> its.writable(this));
    }

    @Override
    public void onClose(Connection ended, CloseReason reason) {
        IOException cut = new IOException("nothing came through: " + reason);
        greeting.completeExceptionally(cut);
        answer.completeExceptionally(cut);
        pass(its -> its.gone(this));
    }

    private void pass(Consumer<User> event) {
        User its = user;
        if (its == null) {
            waiting.add(event);
        } else {
            loop.execute(() -> event.accept(its));
        }
    }

    /** The window bounds what waits here, and to read less might make both ends wait for each other. */
    @Override
    public Overflow overflow() {
        return Overflow.CLOSE;
    }
}
