package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** An echo server on raw sockets that keeps every rule but one. */
final class FaultyServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Fault fault;
    private final String fatalOctets;
    private final Thread accepting;

    FaultyServer(Fault fault) throws IOException {
        this(fault, null, s -> s);
    }

    /**
     * @param fatalOctets the hex of what a client sends first and kills the server by it; {@code null} for an immortal one
     * @param wrap turns the plain server socket into a secure one
     */
    FaultyServer(Fault fault, String fatalOctets, UnaryOperator<ServerSocket> wrap) throws IOException {
        this.fault = fault;
        this.fatalOctets = fatalOctets;
        this.listening = wrap.apply(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
        accepting = Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/echo");
    }

    private final Set<Socket> open = java.util.concurrent.ConcurrentHashMap.newKeySet();

    @Override
    public void close() throws IOException {
        listening.close();
        awaitDeafness(); // whoever sees its connection end finds nobody at home
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** A server socket is closed once nobody accepts from it any more. */
    private void awaitDeafness() {
        try {
            accepting.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        open.add(socket);
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            EchoHead request = EchoHead.read(in);
            String refusal = refusal(request);
            if (!refusal.isEmpty()) {
                String status = fault == Fault.REFUSES_WITH_500 ? "500 Internal Server Error" : refusal;
                String version = refusal.startsWith("426") && fault != Fault.VERSION_NOT_TOLD ? "Sec-WebSocket-Version: 13\r\n" : "";
                write(socket, "HTTP/1.1 " + status + "\r\n" + version + "Content-Length: 0\r\nConnection: close\r\n\r\n");
                socket.shutdownOutput();
                socket.setSoTimeout(500);
                in.skipNBytes(1 << 20);
                return;
            }
            open(socket, in, request);
        } catch (IOException e) {
            // The client is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private void open(Socket socket, DataInputStream in, EchoHead request) throws IOException, InterruptedException {
        EchoDeflate deflate = answer(socket, request);
        if (fault == Fault.EARLY_FRAME_LOST) {
            in.skipNBytes(in.available());
        }
        if (fatalOctets != null && dies(in)) {
            close();
            return;
        }
        new EchoEngine(socket, in, false, fault, deflate).run();
    }

    private boolean dies(DataInputStream in) throws IOException {
        in.mark(1);
        byte[] first = new byte[1];
        int n = in.read(first);
        in.reset();
        return n > 0 && String.format("%02x", first[0]).equals(fatalOctets);
    }

    private static void write(Socket socket, String head) throws IOException {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The status line's end when the request is wrong; empty when it is right. */
    private String refusal(EchoHead request) {
        String method = request.line().split(" ")[0];
        if (!request.line().matches("[A-Z]+ \\S+ HTTP/1\\.[0-9]") || !request.wellFormed()) {
            return "400 Bad Request";
        }
        if (!method.equals("GET") && fault != Fault.METHOD_UNCHECKED) {
            return "405 Method Not Allowed";
        }
        boolean body = !request.value("Transfer-Encoding").isEmpty() || !request.value("Content-Length").isEmpty() && method.equals("GET");
        if (request.all("Host", false).size() != 1 && fault != Fault.HOST_UNCHECKED || body) {
            return "400 Bad Request";
        }
        boolean sensitive = fault == Fault.FIELD_NAMES_CASE_SENSITIVE;
        boolean upgrade = request.hasToken("Upgrade", "websocket") && !request.all("Upgrade", sensitive).isEmpty() || fault == Fault.UPGRADE_UNCHECKED;
        boolean connection = request.hasToken("Connection", "upgrade") || fault == Fault.CONNECTION_UNCHECKED;
        if (!upgrade || !connection || request.line().endsWith("/1.0") && fault != Fault.HTTP_1_0_ACCEPTED) {
            return "426 Upgrade Required";
        }
        if (!request.value("Sec-WebSocket-Version").equals("13") && fault != Fault.VERSION_UNCHECKED) {
            return "426 Upgrade Required";
        }
        boolean key = request.value("Sec-WebSocket-Key").matches("[A-Za-z0-9+/]{22}==") || fault == Fault.KEY_UNCHECKED;
        boolean extensions = request.value("Sec-WebSocket-Extensions").matches("|[a-z-]+([ \t]*[;,][ \t]*[a-z_-]+(=(\"[^\"]*\"|[a-z0-9+]+))?)*");
        boolean protocols = request.all("Sec-WebSocket-Protocol", false).isEmpty() || areProtocols(request.value("Sec-WebSocket-Protocol").split("[ \t]*,[ \t]*"));
        return key && extensions && protocols ? "" : "400 Bad Request";
    }

    private static boolean areProtocols(String... names) {
        return List.of(names).stream().allMatch(name -> name.matches("[a-z-]+")) && Set.copyOf(List.of(names)).size() == names.length;
    }

    private EchoDeflate answer(Socket socket, EchoHead request) throws IOException {
        String key = fault == Fault.ACCEPT_OF_ANOTHER_KEY ? "dGhlIHNhbXBsZSBub25jZQ==" : request.value("Sec-WebSocket-Key");
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + EchoHead.accept(key) + "\r\n");
        head.append(fault == Fault.NO_UPGRADE_IN_ANSWER ? "" : "Upgrade: websocket\r\n");
        head.append(fault == Fault.NO_CONNECTION_IN_ANSWER ? "" : "Connection: Upgrade\r\n");
        head.append(fault == Fault.SUBPROTOCOL_NOBODY_ASKED ? "Sec-WebSocket-Protocol: x-nobody-asked\r\n" : "");
        EchoDeflate deflate = null;
        for (String offer : request.value("Sec-WebSocket-Extensions").split(",")) {
            Set<String> agreed = new LinkedHashSet<>();
            if (deflate == null && agrees(offer.strip(), agreed)) {
                deflate = deflate(agreed);
                head.append("Sec-WebSocket-Extensions: permessage-deflate").append(agreed.isEmpty() ? "" : "; " + String.join("; ", confirmed(agreed))).append("\r\n");
            }
        }
        head.append(fault == Fault.EXTENSION_NOBODY_OFFERED ? "Sec-WebSocket-Extensions: x-nobody-offered\r\n" : "");
        write(socket, head + "\r\n");
        return deflate;
    }

    private Set<String> confirmed(Set<String> agreed) {
        Set<String> confirmed = new LinkedHashSet<>(agreed);
        confirmed.removeIf(p -> fault == Fault.WINDOW_NOT_CONFIRMED && p.startsWith("server_max") || fault == Fault.NO_TAKEOVER_NOT_CONFIRMED && p.startsWith("server_no"));
        return confirmed.isEmpty() ? Set.of("client_no_context_takeover") : confirmed;
    }

    private boolean agrees(String offer, Set<String> agreed) {
        String[] parts = offer.split("[ \t]*;[ \t]*");
        Set<String> names = new LinkedHashSet<>();
        for (int i = 1; i < parts.length; i++) {
            boolean known = parts[i].matches("(server|client)_no_context_takeover|client_max_window_bits|(server|client)_max_window_bits=\"?([89]|1[0-5])\"?");
            if (!known && fault != Fault.UNKNOWN_PARAMETER_ACCEPTED || !names.add(parts[i].split("=")[0])) {
                return false;
            }
            if (parts[i].startsWith("server")) {
                agreed.add(parts[i].replace("\"", ""));
            }
        }
        return parts[0].equals("permessage-deflate");
    }

    private EchoDeflate deflate(Set<String> agreed) {
        int bits = agreed.stream().filter(p -> p.startsWith("server_max")).map(p -> Integer.parseInt(p.substring(p.indexOf('=') + 1))).findFirst().orElse(15);
        return new EchoDeflate(fault, bits, !agreed.contains("server_no_context_takeover"), true);
    }
}
