package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * What carries the bytes of one connection, in order and both ways: a channel of Netty's, or a socket alone.
 *
 * <p>Used on its loop alone, but for what says otherwise.
 */
interface Wire {
    /** Any thread. */
    EventLoop loop();

    /** Any thread. */
    SocketAddress remoteAddress();

    /** What TCP knows, while it is open; any thread. */
    Optional<TransportInfo> transportInfo();

    /** Whether it is open; any thread. */
    boolean isActive();

    ByteBufAllocator alloc();

    /** Whether bytes are wanted. */
    void reads(boolean wanted);

    boolean isReading();

    /**
     * Writes at once what can be, of a buffer that stays the caller's and is not changed; the rest of it is what it is given next.
     *
     * @return how many bytes; less than all, also 0, if something waits or the wire cannot tell
     */
    int writeNow(ByteBuf bytes);

    /** Takes over a buffer that is written with the next one. */
    void queue(ByteBuf bytes);

    /** Takes over a buffer and writes it; what is told may come before the return. */
    void write(ByteBuf bytes, Written whom);

    /** Whether what waits here is a copy of what was given, as an encrypted one is. */
    boolean isCopying();

    /** The bytes that were given and wait; 0 if there are none. */
    long waitingBytes();

    /** A number that changes with each byte of the first of them that the peer takes. */
    long progress();

    /** What is held besides, where no system holds it. */
    long heldBytes();

    /** Says the last words of its own, and runs something when all that was given is written, or cannot be. */
    void endOutput(Runnable then);

    /** Sends FIN, and goes on reading. @return false if it cannot, and is to be closed */
    boolean halfClose();

    /** Ends it, with last words of its own where it has any. */
    void close();

    /** Ends it now. */
    void cut();
}
