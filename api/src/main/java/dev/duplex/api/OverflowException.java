package dev.duplex.api;

/** A message was dropped because the peer takes what it is sent too slowly ({@link Overflow#DROP}). */
public final class OverflowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Tells how much was waiting. */
    public OverflowException(long bufferedBytes) {
        super("dropped: the peer has not yet taken " + bufferedBytes + " bytes", null, false, false);
    }
}
