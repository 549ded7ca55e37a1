package dev.duplex.lab;

/** A measurement that could not be made; the message says why, for people. */
public final class LabFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LabFailedException(String message) {
        super(message, null, false, false);
    }
}
