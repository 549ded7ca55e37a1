package dev.duplex.netty;

import io.netty.buffer.ByteBuf;

/** Whom a {@link Wire} tells what happens, on its loop. */
interface Receiver {
    /** Bytes have come; the receiver releases them, and copies what it keeps of a buffer that others hold as well. */
    void received(ByteBuf bytes);

    /** All that has come at this moment was handed over. */
    void receivedAll();

    /** The peer sends nothing more. @param signal what said so, in words */
    void inputEnded(String signal);

    /** The wire is broken, and is to be closed. */
    void failed(Throwable cause);

    /** The wire is closed; the last call. */
    void ended();
}
