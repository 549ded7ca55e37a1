package dev.duplex.conformance;

/** Compressed data that breaks RFC 1951, RFC 7692 or what was agreed; the message says how. */
final class BadDeflate extends Exception {
    private static final long serialVersionUID = 1L;

    BadDeflate(String rule) {
        super(rule);
    }
}
