package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The one stream of a connection of HTTP/2 with the ways of a socket (RFC 9113): DATA are its bytes, END_STREAM its FIN, RST_STREAM its
 * RST. One thread reads, one writes.
 */
final class StreamSocket extends Socket {
    private static final int CANCEL = 8;
    private static final int HEADER_TABLE_SIZE = 1;
    private static final int ENABLE_PUSH = 2;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int STREAM = 1;
    private static final int WINDOW_BYTES = 65_535;

    private final Socket below;
    private final Http2Wire wire;
    private final Object windows = new Object();
    private long streamWindow = WINDOW_BYTES;
    private long connectionWindow = WINDOW_BYTES;
    private int peerWindow = WINDOW_BYTES;
    private int patienceMillis;
    private boolean resets;
    private volatile boolean isClosed;
    private volatile boolean isOutputShut;
    private volatile String reset = "";

    private ByteBuffer data = ByteBuffer.allocate(0);
    private int unread;
    private volatile boolean hasInputEnded;
    private boolean hasSettings;
    private boolean permits;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private List<String[]> answer = List.of();

    /** Begins to speak HTTP/2. @param below TCP, or TLS on it */
    StreamSocket(Socket below) throws IOException {
        this.below = below;
        wire = new Http2Wire(below);
        byte[] settings = ByteBuffer.allocate(12).putShort((short) HEADER_TABLE_SIZE).putInt(0).putShort((short) ENABLE_PUSH).putInt(0).array();
        wire.send(Http2Wire.SETTINGS, 0, 0, settings);
    }

    /**
     * Asks for a WebSocket (RFC 8441 §5).
     *
     * @param pseudo the fields that stand before the request's own
     * @throws ProtocolException when that is not how the server speaks
     */
    HttpHead ask(List<String[]> pseudo, HeadText request) throws IOException {
        while (!hasSettings) {
            readFrame();
        }
        if (!permits) {
            throw new ProtocolException("its settings of HTTP/2 lack ENABLE_CONNECT_PROTOCOL (RFC 8441 §3)");
        }
        List<String[]> fields = new ArrayList<>(pseudo);
        for (String line : request.lines()) {
            int colon = line.indexOf(':');
            fields.add(new String[] {line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip()});
        }
        byte[] bytes = Hpack.encode(fields);
        for (int at = 0; at < bytes.length; at += Http2Wire.FRAME_BYTES) {
            int length = Math.min(Http2Wire.FRAME_BYTES, bytes.length - at);
            wire.send(at == 0 ? Http2Wire.HEADERS : Http2Wire.CONTINUATION, at + length == bytes.length ? Http2Wire.END_HEADERS : 0, STREAM, bytes, at, length);
        }
        while (status().isEmpty() || status().startsWith("1")) {
            if (hasInputEnded) {
                throw new EOFException("the stream ended without an answer");
            }
            readFrame();
        }
        return new HttpHead("HTTP/2 " + status(), answer.stream().filter(field -> !field[0].startsWith(":")).toList());
    }

    private String status() {
        return answer.stream().filter(field -> field[0].equals(":status")).map(field -> field[1]).findFirst().orElse("");
    }

    // Reading

    private void readFrame() throws IOException {
        if (!reset.isEmpty()) {
            throw new SocketException(reset);
        }
        grant();
        try {
            take(wire.next());
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new EOFException("a frame of HTTP/2 came that is too short (RFC 9113 §4.2)");
        }
    }

    private void take(Http2Wire.Received frame) throws IOException {
        ByteBuffer bytes = frame.payload();
        switch (frame.type()) {
            case Http2Wire.DATA -> {
                unread += bytes.remaining();
                data = frame.content();
                endInputIf(frame.has(Http2Wire.END_STREAM));
            }
            case Http2Wire.HEADERS, Http2Wire.CONTINUATION -> fields(frame);
            case Http2Wire.RST_STREAM -> reset("the stream was reset with error " + bytes.getInt(0) + " of HTTP/2");
            case Http2Wire.SETTINGS -> settings(frame);
            case Http2Wire.PING -> {
                if (!frame.has(Http2Wire.ACK)) {
                    wire.send(Http2Wire.PING, Http2Wire.ACK, 0, bytes.array());
                }
            }
            case Http2Wire.GOAWAY -> {
                if (bytes.getInt(0) < STREAM || bytes.getInt(4) != 0) {
                    reset("the server went away with error " + bytes.getInt(4) + " of HTTP/2");
                }
            }
            case Http2Wire.WINDOW_UPDATE -> widen(frame.stream() == 0 ? 0 : bytes.getInt(0), frame.stream() == 0 ? bytes.getInt(0) : 0);
            default -> { } // RFC 9113 §5.5: what is unknown is passed over
        }
    }

    /** Nobody reads what comes then: who waits for a window waits in vain. */
    private void endInputIf(boolean isEnd) {
        hasInputEnded |= isEnd;
        widen(0, 0);
    }

    private void reset(String why) {
        reset = why;
        widen(0, 0);
    }

    private void widen(int streamBytes, int connectionBytes) {
        synchronized (windows) {
            streamWindow += streamBytes;
            connectionWindow += connectionBytes;
            windows.notifyAll();
        }
    }

    private void fields(Http2Wire.Received frame) throws IOException {
        endInputIf(frame.type() == Http2Wire.HEADERS && frame.has(Http2Wire.END_STREAM));
        ByteBuffer fragment = frame.type() == Http2Wire.HEADERS ? frame.content() : frame.payload();
        block.write(fragment.array(), fragment.position(), fragment.remaining());
        if (frame.has(Http2Wire.END_HEADERS)) {
            List<String[]> all = Hpack.decode(block.toByteArray());
            block.reset();
            answer = status().isEmpty() || status().startsWith("1") ? all : answer; // else trailers
        }
    }

    private void settings(Http2Wire.Received frame) throws IOException {
        if (frame.has(Http2Wire.ACK)) {
            return;
        }
        ByteBuffer bytes = frame.payload();
        while (bytes.remaining() >= 6) {
            int name = bytes.getShort();
            int value = bytes.getInt();
            permits |= name == ENABLE_CONNECT_PROTOCOL && value == 1;
            if (name == INITIAL_WINDOW_SIZE) {
                widen(value - peerWindow, 0);
                peerWindow = value;
            }
        }
        hasSettings = true;
        wire.send(Http2Wire.SETTINGS, Http2Wire.ACK, 0, new byte[0]);
    }

    /** What was read may come again. */
    private void grant() throws IOException {
        if (unread > WINDOW_BYTES / 2) {
            byte[] bytes = ByteBuffer.allocate(4).putInt(unread).array();
            unread = 0;
            wire.send(Http2Wire.WINDOW_UPDATE, 0, 0, bytes);
            wire.send(Http2Wire.WINDOW_UPDATE, 0, STREAM, bytes);
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                while (!data.hasRemaining()) {
                    if (hasInputEnded) {
                        return -1;
                    }
                    readFrame();
                }
                int count = Math.min(length, data.remaining());
                data.get(bytes, from, count);
                return count;
            }
        };
    }

    // Writing

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            /** Every write is a frame of its own. */
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                for (int at = 0; at < length;) {
                    int count = room(Math.min(length - at, Http2Wire.FRAME_BYTES));
                    wire.send(Http2Wire.DATA, 0, STREAM, bytes, from + at, count);
                    at += count;
                }
            }
        };
    }

    /** Takes a part of both windows, and waits for one. */
    private int room(int wanted) throws IOException {
        long until = System.nanoTime() + patienceMillis * 1_000_000L;
        synchronized (windows) {
            while (reset.isEmpty() && !isClosed && !hasInputEnded && Math.min(streamWindow, connectionWindow) <= 0) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (patienceMillis > 0 && left <= 0) {
                    throw new SocketTimeoutException("the peer grants no more than it has got");
                }
                try {
                    windows.wait(Math.max(left, 1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SocketException("interrupted");
                }
            }
            if (isClosed || !reset.isEmpty()) {
                throw new SocketException(isClosed ? "closed" : reset);
            }
            if (Math.min(streamWindow, connectionWindow) <= 0) {
                throw new SocketException("the peer has ended the stream, and takes no more");
            }
            int count = (int) Math.min(wanted, Math.min(streamWindow, connectionWindow));
            streamWindow -= count;
            connectionWindow -= count;
            return count;
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        isOutputShut = true;
        wire.send(Http2Wire.DATA, Http2Wire.END_STREAM, STREAM, new byte[0]);
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        patienceMillis = millis;
        below.setSoTimeout(millis);
    }

    /** From now on a close is a reset. */
    @Override
    public void setSoLinger(boolean on, int seconds) {
        resets = on && seconds == 0;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShut;
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (resets) {
                wire.send(Http2Wire.RST_STREAM, 0, STREAM, new byte[] {0, 0, 0, CANCEL});
            }
        } finally {
            below.close();
        }
        widen(0, 0);
    }
}
