package dev.duplex.load;

/** A peer that sends. */
interface Sender {
    /** Sends a message that is due at {@code dueNanos}, without flushing. */
    void send(long dueNanos);

    void flush();
}
