package dev.duplex.lab;

import java.net.InetSocketAddress;

/** A port on the loopback interface behind which is a Unix socket, for what knows TCP alone. Whoever is on this machine may use it. */
public final class UnixDoor implements AutoCloseable {
    private final Meter relay;

    private UnixDoor(Meter relay) {
        this.relay = relay;
    }

    /**
     * A door to a socket; whether someone listens there shows with each connection.
     *
     * @param path of the socket; {@code @name} for one of Linux's abstract namespace
     * @throws LabFailedException if there can be no such socket
     */
    public static UnixDoor to(String path) {
        return new UnixDoor(Meter.to(Meter.unix(path), null, null));
    }

    /** Where to connect, on 127.0.0.1. */
    public InetSocketAddress address() {
        return relay.address();
    }

    /** Why the socket could not be reached the last time; empty if it always could. */
    public String failure() {
        return relay.failure();
    }

    /** Ends every connection. */
    @Override
    public void close() {
        relay.close();
    }
}
