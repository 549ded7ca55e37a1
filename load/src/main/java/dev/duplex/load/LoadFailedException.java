package dev.duplex.load;

/** A load that could not be put on: a connection was refused, or something was not agreed. */
public final class LoadFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LoadFailedException(String message) {
        super(message);
    }
}
