package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/** A test client on raw sockets, as the field has them, that keeps every rule but one. */
final class FaultyClient {
    private final int port;
    private final Fault fault;

    FaultyClient(int port, Fault fault) {
        this.port = port;
        this.fault = fault;
    }

    /** Plays all cases, one after another, and asks for the report. */
    void run() throws IOException, InterruptedException {
        int count = Integer.parseInt(count());
        for (int i = 1; i <= count; i++) {
            connect("/runCase?case=" + i + "&agent=faulty", true);
        }
        connect("/updateReports?agent=faulty", true);
    }

    private String count() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataInputStream in = open(socket, "/getCaseCount");
            in.readUnsignedByte();
            byte[] count = new byte[in.readUnsignedByte()];
            in.readFully(count);
            return new String(count, StandardCharsets.US_ASCII);
        }
    }

    private DataInputStream open(Socket socket, String path) throws IOException {
        byte[] nonce = new byte[fault == Fault.CLIENT_NONCE_OF_15_BYTES ? 15 : 16];
        if (fault != Fault.CLIENT_NONCE_ALWAYS_THE_SAME) {
            new Random().nextBytes(nonce);
        }
        String key = Base64.getEncoder().encodeToString(nonce);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key
                + "\r\nSec-WebSocket-Version: " + (fault == Fault.CLIENT_VERSION_12 ? 12 : 13)
                + "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        answer = EchoHead.read(in);
        sentKey = key;
        return in;
    }

    private EchoHead answer;
    private String sentKey;

    private void connect(String path, boolean compress) throws InterruptedException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(fault == Fault.NONE ? 30_000 : 5000); // the right one waits for a slow checker
            DataInputStream in = open(socket, path);
            if (!opens()) {
                return;
            }
            if (fault == Fault.CLIENT_EARLY_FRAME_LOST) {
                in.skipNBytes(in.available());
            }
            new EchoEngine(socket, in, true, fault, deflate()).run();
        } catch (IOException e) {
            // The checker has ended the connection.
        }
    }

    private boolean opens() {
        String extensions = answer.value("Sec-WebSocket-Extensions");
        boolean ours = extensions.isEmpty() || fault == Fault.CLIENT_EXTENSION_UNCHECKED || extensions.startsWith("permessage-deflate") && (fault == Fault.CLIENT_DEFLATE_ANSWER_UNCHECKED
                || extensions.matches("permessage-deflate(; *(server_no_context_takeover|client_no_context_takeover|(client|server)_max_window_bits=([89]|1[0-5])))*")
                        && !extensions.matches(".*(client_no.*client_no).*"));
        return (answer.line().matches("HTTP/1.1 101( .*)?") || fault == Fault.CLIENT_STATUS_UNCHECKED && answer.line().startsWith("HTTP/1.1 "))
                && (answer.value("Upgrade").equalsIgnoreCase("websocket") || fault == Fault.CLIENT_UPGRADE_UNCHECKED || fault == Fault.CLIENT_STATUS_UNCHECKED)
                && (answer.hasToken("Connection", "upgrade") || fault == Fault.CLIENT_CONNECTION_UNCHECKED || fault == Fault.CLIENT_STATUS_UNCHECKED)
                && (answer.value("Sec-WebSocket-Accept").equals(EchoHead.accept(sentKey)) || fault == Fault.CLIENT_ACCEPT_UNCHECKED)
                && (answer.value("Sec-WebSocket-Protocol").isEmpty() || fault == Fault.CLIENT_SUBPROTOCOL_UNCHECKED) && ours;
    }

    private EchoDeflate deflate() {
        String extensions = answer.value("Sec-WebSocket-Extensions");
        if (!extensions.startsWith("permessage-deflate")) {
            return null;
        }
        java.util.regex.Matcher bits = java.util.regex.Pattern.compile("client_max_window_bits=([0-9]+)").matcher(extensions);
        return new EchoDeflate(fault, bits.find() ? Integer.parseInt(bits.group(1)) : 15, !extensions.contains("client_no_context_takeover"), true);
    }
}
