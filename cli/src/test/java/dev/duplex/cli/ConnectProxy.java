package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A small HTTP proxy that knows CONNECT alone, and counts its tunnels. */
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final AtomicInteger tunnels = new AtomicInteger();

    private final boolean wantsLogin;

    ConnectProxy() throws IOException {
        this(false);
    }

    /** One that asks for a login by Digest, and ends the connection then; it takes any. */
    static ConnectProxy withLogin() throws IOException {
        return new ConnectProxy(true);
    }

    private ConnectProxy(boolean wantsLogin) throws IOException {
        this.wantsLogin = wantsLogin;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    int tunnels() {
        return tunnels.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (wantsLogin && !head.contains("Proxy-Authorization: ")) {
                client.getOutputStream().write(("HTTP/1.1 407 Login\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
                return;
            }
            String[] target = head.split(" ")[1].split(":");
            try (Socket server = new Socket(target[0], Integer.parseInt(target[1]))) {
                tunnels.incrementAndGet();
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                Thread back = Thread.ofPlatform().daemon().start(() -> pour(server, client));
                pour(client, server);
                back.join();
            }
        } catch (IOException | InterruptedException e) {
            // one of the two has gone
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void pour(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of the two has gone
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
