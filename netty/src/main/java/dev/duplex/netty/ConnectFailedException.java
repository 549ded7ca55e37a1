package dev.duplex.netty;

import java.util.OptionalInt;

/** A client's connection could not be opened; the message is one line for people. */
public final class ConnectFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** It could not be reached, or gave no answer. */
    public ConnectFailedException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    /** It answered with a refusal. */
    public ConnectFailedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The same failure with the stack of the thread that waited for it, which tells its reader more. */
    public ConnectFailedException again() {
        return status == 0 ? new ConnectFailedException(getMessage(), getCause()) : new ConnectFailedException(status, getMessage());
    }

    /** The HTTP status, if the server answered the opening handshake with a refusal. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
