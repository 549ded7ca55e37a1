package dev.duplex.protocol;

/** A message framed once, and compressed once, to be sent by servers to many connections. */
public final class PreparedMessage {
    private final Message message;

    private PreparedMessage(Message message) {
        this.message = message;
    }

    /** Prepares a message; its bytes must not change afterwards. */
    public static PreparedMessage of(Message message) {
        return new PreparedMessage(message);
    }

    /** What was prepared. */
    public Message message() {
        return message;
    }
}
