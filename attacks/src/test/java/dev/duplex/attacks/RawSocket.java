package dev.duplex.attacks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A TCP client that says exactly what a test tells it to. */
final class RawSocket implements AutoCloseable {
    private final Socket socket;

    RawSocket(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    RawSocket(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
    }

    /** A right opening request; {@code more} are header lines, each with its CRLF. */
    static String opening(String path, String more) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + more + "\r\n";
    }

    Socket socket() {
        return socket;
    }

    RawSocket say(String latin1) throws IOException {
        return say(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawSocket sayHex(String hex) throws IOException {
        return say(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    RawSocket say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Opens a WebSocket with default settings. */
    RawSocket open(String path) throws IOException {
        String head = say(opening(path, "")).head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(head);
        }
        return this;
    }

    /** Reads one head, without what follows; {@code <end>} stands for the peer's FIN. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                return head + "<end>";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** Reads one answer that tells its length, and gives its body. */
    String answered() throws IOException {
        String head = head();
        int length = Integer.parseInt(head.replaceFirst("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1"));
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Reads exactly so many bytes; fewer only before the peer's FIN. */
    String hex(int bytes) throws IOException {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(bytes));
    }

    /** Everything up to the peer's FIN; {@code RST} at the end if it was none. */
    byte[] rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (SocketException reset) {
            all.writeBytes("RST".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toByteArray();
    }

    String restText() throws IOException {
        return new String(rest(), StandardCharsets.ISO_8859_1);
    }

    String restHex() throws IOException {
        return HexFormat.of().formatHex(rest());
    }

    /** Ends with RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
