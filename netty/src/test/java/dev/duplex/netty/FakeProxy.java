package dev.duplex.netty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** An HTTP proxy of any temper: keeps what it is asked, answers what the test says, and tunnels after a 200. */
final class FakeProxy implements AutoCloseable {
    /** Ends the connection, without an answer. */
    static final String HANG_UP = "hang up";

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Function<String, String> answers;
    private final int target;

    /**
     * @param target the port on this machine that every tunnel leads to, whatever the client asks for
     * @param answers from the head of a request to the answer
     */
    FakeProxy(int target, Function<String, String> answers) throws IOException {
        this.target = target;
        this.answers = answers;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket client) {
        try (client) {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                int read = client.getInputStream().read();
                if (read < 0) {
                    return;
                }
                request.append((char) read);
            }
            requests.add(request.toString());
            String answer = answers.apply(request.toString());
            if (answer.equals(HANG_UP)) {
                return;
            }
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            if (answer.startsWith("HTTP/1.1 200") && answer.endsWith("\r\n\r\n")) {
                tunnel(client);
            } else {
                client.getInputStream().readAllBytes();
            }
        } catch (IOException ended) {
            return;
        }
    }

    private void tunnel(Socket client) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Thread.ofVirtual().start(() -> pour(server, client));
            pour(client, server);
        }
    }

    private static void pour(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException ended) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
