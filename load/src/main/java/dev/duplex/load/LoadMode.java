package dev.duplex.load;

/** What a load does with its connections. */
public enum LoadMode {
    /** Each connection sends messages and awaits each of them back. */
    ECHO,
    /** Every connection but one listens; that one sends, and each message is awaited at every listener. */
    BROADCAST,
    /** Each connection is opened, closed, and opened again. */
    HANDSHAKE,
    /** Connections are opened and stay silent. */
    IDLE;

    /** Whether messages are sent and their answers awaited. */
    public boolean hasMessages() {
        return this == ECHO || this == BROADCAST;
    }
}
