package dev.duplex.api;

import dev.duplex.protocol.CloseReason;
import java.util.Objects;

/** Something was asked of a connection that has ended, or that ended before it could be done. */
public final class ClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient CloseReason reason;

    /** Names the reason of the end. */
    public ClosedException(CloseReason reason) {
        super("the connection is closed: " + Objects.requireNonNull(reason, "reason"));
        this.reason = reason;
    }

    /** Why the connection ended. */
    public CloseReason reason() {
        return reason;
    }
}
