package dev.duplex.conformance;

/** A rule of the opening handshake that the peer broke; the message says which. */
final class HandshakeFault extends Exception {
    private static final long serialVersionUID = 1L;

    HandshakeFault(String rule) {
        super(rule);
    }
}
