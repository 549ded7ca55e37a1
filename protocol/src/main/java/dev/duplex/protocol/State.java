package dev.duplex.protocol;

/** Where a connection stands between its opening handshake and its end (RFC 6455 §7). */
public enum State {
    /** Messages pass both ways. */
    OPEN,
    /** Our Close frame is sent, the peer's has not come: messages may still arrive. */
    CLOSE_SENT,
    /** Nothing more may pass: both Close frames have, or the connection has failed. The transport is to be ended. */
    ENDING,
    /** The transport has ended. */
    CLOSED
}
