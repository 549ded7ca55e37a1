package dev.duplex.netty;

/** Whom a {@link Wire} tells that a write is over. */
interface Written {
    void ended(boolean isWritten);
}
