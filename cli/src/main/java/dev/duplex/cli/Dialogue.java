package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.util.function.Consumer;

/** What passes between a person, or a script, and one server: possibly over several connections, one after the other. */
final class Dialogue implements Endpoint.Talk {
    private final Screen screen;
    private final Consumer<Connection> opened;
    private Conversation current;
    private int underWay;
    private boolean isOver;
    private volatile long lastArrival = System.nanoTime();

    /**
     * A dialogue that shows on {@code screen} what comes.
     *
     * @param opened is told of each connection
     */
    Dialogue(Screen screen, Consumer<Connection> opened) {
        this.screen = screen;
        this.opened = opened;
    }

    /** Starts with a conversation on a thread of its own. */
    void begin(Conversation conversation) {
        expect();
        set(conversation);
        Thread.ofVirtual().name("duplex-dialogue").start(() -> with(conversation));
    }

    /** A connection is open whose conversation will follow on a thread of its own, perhaps after the connection has ended again. */
    synchronized void expect() {
        underWay++;
    }

    /** Shows what comes on one connection until it ends; {@link #expect} came before. */
    @Override
    public void with(Conversation conversation) {
        opened.accept(conversation.connection());
        set(conversation);
        try {
            for (Message message : conversation) {
                lastArrival = System.nanoTime();
                if (!screen.message(message)) {
                    conversation.connection().close(CloseReason.GOING_AWAY, "");
                    return;
                }
            }
        } finally {
            ended();
        }
    }

    /** When the last message came, by {@link System#nanoTime}. */
    long lastArrival() {
        return lastArrival;
    }

    /** Waits for an open conversation; null once there will be none. */
    synchronized Conversation open() throws InterruptedException {
        while (!isOver && (current == null || !current.connection().isOpen())) {
            wait();
        }
        return isOver ? null : current;
    }

    /** The conversation of now, open or ending; null if there is none. */
    synchronized Conversation current() {
        return current;
    }

    /** There will be no other connection; waits until all that came was shown. */
    synchronized void finish() throws InterruptedException {
        isOver = true;
        notifyAll();
        while (underWay > 0) {
            wait();
        }
    }

    private synchronized void ended() {
        current = null;
        underWay--;
        notifyAll();
    }

    private synchronized void set(Conversation conversation) {
        current = conversation;
        notifyAll();
    }
}
