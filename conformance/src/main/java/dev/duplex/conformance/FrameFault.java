package dev.duplex.conformance;

/** A rule of RFC 6455 §5 that a frame of the peer breaks; the message says which. */
final class FrameFault extends Exception {
    private static final long serialVersionUID = 1L;

    FrameFault(String rule) {
        super(rule);
    }
}
