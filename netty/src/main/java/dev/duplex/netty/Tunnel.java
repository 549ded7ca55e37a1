package dev.duplex.netty;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import java.util.concurrent.Executor;

/**
 * A WebSocket connection after its opening, whose bytes someone else carries: in order, each once, both ways.
 *
 * <p>What passes are the frames of RFC 6455. All rules and limits, the closing handshake, pings and backpressure are those of a
 * connection on a socket; a {@link Line} stands in for the socket. Everything here runs on {@link #loop}.
 */
public final class Tunnel {
    /** Carries the bytes of a tunnel; called on its loop. */
    public interface Line {
        /** The first call. */
        void opened(Tunnel tunnel);

        /** How many bytes {@link #write} would take now; {@link Tunnel#writable} tells when 0 is no longer true. */
        int room();

        /** Takes bytes over, at most {@link #room}; they must reach the peer. */
        void write(byte[] bytes);

        /** The last of the bytes written may be sent now: the connection has nothing more for this moment. */
        void flush();

        /** Everything received so far was taken. */
        void drained();

        /** This end has ended: what was written is still to be delivered, and then the end. */
        void ended();

        /** The bytes that the line itself holds for this connection, which count as the connection's. */
        long heldBytes();

        /** Called four times a second, also after the end, until {@link Tunnel#forget}. */
        void beat(long nowNanos);
    }

    private final TunnelChannel channel;

    Tunnel(TunnelChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a tunnel whose bytes come and go by another connection, with that one's limits; on its owner's thread alone.
     *
     * @param opening what the endpoint is told
     * @throws IllegalArgumentException if the connection is not one of this package
     */
    public static Tunnel beside(Connection connection, Opening opening, Endpoint endpoint, Line line) {
        if (!(connection instanceof NettyConnection carrying)) {
            throw new IllegalArgumentException("not a connection of this package: " + connection);
        }
        return carrying.openBeside(opening, endpoint, line);
    }

    /** The connection, as the application holds it. */
    public Connection connection() {
        return channel.connection();
    }

    /** The one thread that may call. */
    public Executor loop() {
        return channel.eventLoop();
    }

    /** A monotonic time, the same as {@link Line#beat} is told. */
    public long nanoTime() {
        return channel.pulse().nanoTime();
    }

    /** Bytes from the peer, taken over; while the application does not keep up they wait here. */
    public void receive(byte[] bytes) {
        channel.receive(bytes);
    }

    /** The bytes that wait to be taken: the caller bounds them. */
    public long waitingBytes() {
        return channel.waitingBytes();
    }

    /** The line has room again. */
    public void writable() {
        channel.lineIsWritable();
    }

    /** The peer has ended, or is lost: after what waits to be taken comes the end. */
    public void end() {
        channel.endInput();
    }

    /** As {@link #end}, since the peer has asked for nothing for too long. */
    public void endIdle() {
        channel.endIdle();
    }

    /** As {@link #end}, since the peer takes nothing of what is sent. */
    public void endStalled() {
        channel.endStalled();
    }

    /** The line needs no more beats. */
    public void forget() {
        channel.forget();
    }
}
