package dev.duplex.cli;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.Message;
import java.util.function.Consumer;

/** Sends back every message as it came; while the peer does not take them, nothing more is read from it. */
final class Echo implements Listener {
    private final Consumer<Connection> opened;

    Echo() {
        this(connection -> {});
    }

    /** An echo that tells when its connection is open. */
    Echo(Consumer<Connection> opened) {
        this.opened = opened;
    }

    @Override
    public void onOpen(Connection connection) {
        opened.accept(connection);
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        connection.send(message);
    }

    @Override
    public boolean keepsMessages() {
        return false;
    }

    @Override
    public Overflow overflow() {
        return Overflow.PAUSE;
    }
}
