package dev.duplex.lab;

import dev.duplex.proxy.ProxyRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A door on the loopback interface: who connects there is led through a proxy to the server. */
final class Bridge implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ProxyRoute route;
    private final String host;
    private final int port;
    private final ServerSocket door;
    private final Set<Thread> threads = new HashSet<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private long endedNanos;
    private volatile String failure = "";

    /** @param host where the server is, as the proxy is to be told */
    Bridge(ProxyRoute route, String host, int port) {
        this.route = route;
        this.host = host;
        this.port = port;
        try {
            door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    /** Why there was no way the last time; empty if there was one. */
    String failure() {
        return failure;
    }

    /** The processor time that this takes. */
    Duration cpu() {
        synchronized (threads) { // one that ends is either among them or in the sum
            long nanos = endedNanos;
            for (Thread thread : threads) {
                nanos += Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
            }
            return Duration.ofNanos(nanos);
        }
    }

    /** Each has a thread of the system, whose processor time can be told. */
    private void start(Runnable work) {
        Thread thread = Thread.ofPlatform().name("duplex-bridge").daemon().unstarted(() -> {
            work.run();
            synchronized (threads) {
                endedNanos += Math.max(0, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
                threads.remove(Thread.currentThread());
            }
        });
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                start(() -> lead(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void lead(Socket client) {
        sockets.add(client);
        try {
            client.setTcpNoDelay(true);
            Socket server = route.connect(host, port, PATIENCE);
            sockets.add(server);
            failure = "";
            start(() -> pour(server, client));
            pour(client, server);
        } catch (IOException e) {
            failure = e.getMessage();
            close(client);
        }
    }

    private void pour(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                close(from);
                close(to);
            }
        } catch (IOException ended) {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone, then
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::close);
    }
}
