package dev.duplex.fallback;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A proxy that lets an upgrade through, and then nothing more on that connection; plain HTTP passes. */
final class SwallowingProxy implements AutoCloseable {
    private final int serverPort;
    private final ServerSocket acceptor;
    private final AtomicLong swallowed = new AtomicLong();

    SwallowingProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        acceptor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return acceptor.getLocalPort();
    }

    /** The bytes from clients that never arrived. */
    long swallowed() {
        return swallowed.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = acceptor.accept();
                Socket server = new Socket("127.0.0.1", serverPort);
                boolean[] isUpgraded = new boolean[1];
                Thread.ofVirtual().start(() -> pass(client, server, isUpgraded));
                Thread.ofVirtual().start(() -> pass(server, client, isUpgraded));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void pass(Socket from, Socket to, boolean[] isUpgraded) {
        byte[] buffer = new byte[64 * 1024];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (isUpgraded[0]) {
                    swallowed.addAndGet(n);
                    continue;
                }
                String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                out.write(buffer, 0, n);
                isUpgraded[0] = text.startsWith("HTTP/1.1 101 ");
            }
        } catch (IOException broken) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        acceptor.close();
    }
}
