package dev.duplex.netty;

/** A server could not start; the message is one line for people, such as {@code port 8080 on 127.0.0.1 is in use}. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
