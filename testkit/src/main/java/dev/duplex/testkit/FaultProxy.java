package dev.duplex.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on the loopback interface that does to connections what networks and peers do.
 *
 * <pre>
 *   client ──► port() ── toServer() faults ──► server
 *          ◄──────────── toClient() faults ◄──
 * </pre>
 *
 * <p>Example: {@code proxy.toClient().delay(Duration.ofMillis(80)).after(100, Fault.RESET)}. The faults hold for every
 * connection, each of which counts its own bytes. In each direction at most 1 MiB is under way. Any thread may call anything.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress server;
    private final ServerSocket acceptor;
    private final Faults toServer = new Faults();
    private final Faults toClient = new Faults();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    private FaultProxy(InetSocketAddress server) {
        this.server = server;
        try {
            acceptor = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen", e);
        }
        Thread.ofVirtual().name("fault-proxy").start(this::accept);
    }

    /** A proxy without a fault before a port of this machine. */
    public static FaultProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** A proxy without a fault before a server. */
    public static FaultProxy to(InetSocketAddress server) {
        return new FaultProxy(server);
    }

    /** Where clients connect, on 127.0.0.1. */
    public int port() {
        return acceptor.getLocalPort();
    }

    /** What the bytes from clients to the server suffer. */
    public Faults toServer() {
        return toServer;
    }

    /** What the bytes from the server to clients suffer. */
    public Faults toClient() {
        return toClient;
    }

    /** Ends all connections in order; new ones are accepted. */
    public void cut() {
        links.forEach(link -> link.end(Fault.CUT));
    }

    /** Ends all connections with RST; new ones are accepted. */
    public void reset() {
        links.forEach(link -> link.end(Fault.RESET));
    }

    /** The number of connections that stand, in one way at least. */
    public int linkCount() {
        return links.size();
    }

    /** The number of connections that were accepted so far. */
    public int acceptedCount() {
        return accepted.get();
    }

    private void accept() {
        while (!acceptor.isClosed()) {
            try {
                Socket client = acceptor.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Closed, or that one client was gone already.
            }
        }
    }

    /** A server that cannot be reached is for the client a connection that is reset. */
    private void connect(Socket client) {
        Socket upstream = new Socket();
        Link link = new Link(client, upstream, links::remove);
        links.add(link);
        try {
            upstream.connect(server);
            link.start(toServer, toClient);
        } catch (IOException e) {
            link.end(Fault.RESET);
        }
        if (acceptor.isClosed()) {
            link.end(Fault.CUT);
        }
    }

    /** Accepts nothing more and ends all connections. */
    @Override
    public void close() {
        try {
            acceptor.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
