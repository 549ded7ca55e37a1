package dev.duplex.netty;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A client of TLS that cuts, mixes up and spoils its records as a test tells it to. */
final class RawTls implements AutoCloseable {
    private static final int ROOM_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Socket socket;
    private final SSLEngine engine;
    private final ByteBuffer encrypted = ByteBuffer.allocate(ROOM_BYTES).limit(0);
    private final ByteBuffer decrypted = ByteBuffer.allocate(ROOM_BYTES).limit(0);
    private boolean hasEnded;

    /** @param version such as {@code TLSv1.3} */
    RawTls(int port, String version) throws Exception {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        engine = context.createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step();
        }
    }

    Socket socket() {
        return socket;
    }

    private void step() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> send(ownWords());
            default -> readRecord();
        }
    }

    /** One record for each 16 KiB of these bytes. */
    byte[] sealed(byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        while (from.hasRemaining()) {
            records.writeBytes(wrapped(from));
        }
        return records.toByteArray();
    }

    byte[] sealedHex(String hex) throws IOException {
        return sealed(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** What TLS has to say by itself: a piece of a handshake, an alert. */
    byte[] ownWords() throws IOException {
        return wrapped(NOTHING.duplicate());
    }

    private byte[] wrapped(ByteBuffer from) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(from, into);
        return Arrays.copyOf(into.array(), into.position());
    }

    /** Wants new keys, or in TLS 1.2 another handshake. */
    byte[] rehandshake() throws IOException {
        engine.beginHandshake();
        return ownWords();
    }

    byte[] closeNotify() throws IOException {
        engine.closeOutbound();
        return ownWords();
    }

    RawTls send(byte[]... records) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : records) {
            all.writeBytes(each);
        }
        socket.getOutputStream().write(all.toByteArray());
        return this;
    }

    RawTls say(String text) throws IOException {
        return send(sealed(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    RawTls sayHex(String hex) throws IOException {
        return send(sealedHex(hex));
    }

    /** Opens a WebSocket. */
    RawTls open(String path) throws IOException {
        say(RawSocket.opening(path, ""));
        return opened();
    }

    RawTls opened() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) read(1)[0]);
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(head);
        }
        return this;
    }

    String hex(int bytes) throws IOException {
        return HexFormat.of().formatHex(read(bytes));
    }

    byte[] read(int bytes) throws IOException {
        byte[] all = new byte[bytes];
        for (int at = 0; at < bytes; ) {
            while (!decrypted.hasRemaining()) {
                if (hasEnded) {
                    throw new AssertionError("the end, after " + at + " of " + bytes + " bytes");
                }
                readRecord();
            }
            int part = Math.min(bytes - at, decrypted.remaining());
            decrypted.get(all, at, part);
            at += part;
        }
        return all;
    }

    /** Whatever comes, up to close_notify. @throws IOException for an alert, or an end without one */
    String restHex() throws IOException {
        StringBuilder all = new StringBuilder();
        while (!hasEnded || decrypted.hasRemaining()) {
            all.append(hex(decrypted.remaining()));
            if (!hasEnded) {
                readRecord();
            }
        }
        return all.toString();
    }

    private void readRecord() throws IOException {
        fill(5);
        fill(5 + (encrypted.getShort(encrypted.position() + 3) & 0xffff));
        decrypted.clear();
        SSLEngineResult result = engine.unwrap(encrypted, decrypted);
        decrypted.flip();
        hasEnded |= result.getStatus() == Status.CLOSED;
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void fill(int bytes) throws IOException {
        if (encrypted.remaining() < bytes) {
            encrypted.compact();
            InputStream in = socket.getInputStream();
            int n = in.readNBytes(encrypted.array(), encrypted.position(), bytes - encrypted.position());
            encrypted.position(encrypted.position() + n).flip();
            if (encrypted.remaining() < bytes) {
                throw new IOException("TCP has ended without close_notify");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
