package dev.duplex.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each of its clients what a script says. */
final class HostileServer implements AutoCloseable {
    /** What is done to one client; then the connection is closed. */
    interface Script {
        void play(RawSocket client, int number) throws IOException;
    }

    private final ServerSocket listening;
    private final AtomicInteger clients = new AtomicInteger();
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();

    HostileServer(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    HostileServer(ServerSocket listening, Script script) {
        this.listening = listening;
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket client = listening.accept();
                    Thread.ofVirtual().start(() -> play(script, client));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    /** One that answers each request with a text, in which ACCEPT stands for the right answer to the key, and says no more. */
    static HostileServer answering(String... latin1) throws IOException {
        LinkedBlockingQueue<HostileServer> self = new LinkedBlockingQueue<>();
        HostileServer server = new HostileServer((client, number) -> {
            String request = client.head();
            self.peek().requests.add(request);
            client.say(latin1[Math.min(number, latin1.length) - 1].replace("ACCEPT", accept(request)));
            client.rest();
        });
        self.add(server);
        return server;
    }

    /** One that opens a WebSocket and then sends these bytes, in one segment. */
    static HostileServer sending(String headers, byte[] frames) throws IOException {
        return new HostileServer((client, number) -> {
            client.say(open(client.head(), headers)).say(frames);
            client.rest();
        });
    }

    /** The same, and then ends its side. */
    static HostileServer closing(byte[] frames) throws IOException {
        return new HostileServer((client, number) -> {
            client.say(open(client.head(), "")).say(frames).socket().shutdownOutput();
            client.rest();
        });
    }

    /** A right answer to an opening request, with more header lines. */
    static String open(String request, String headers) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(request) + "\r\n" + headers + "\r\n";
    }

    private static String accept(String request) {
        String key = request.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void play(Script script, Socket client) {
        try (RawSocket raw = new RawSocket(client)) {
            script.play(raw, clients.incrementAndGet());
        } catch (IOException gone) {
            return;
        }
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/");
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many have connected. */
    int clients() {
        return clients.get();
    }

    /** The requests that were answered, in order. */
    LinkedBlockingQueue<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
