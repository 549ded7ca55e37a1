package dev.duplex.conformance;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames of HTTP/2 over a socket (RFC 9113 §4.1). One thread reads; any may send.
 *
 * <pre>
 *   +-----------------------------------------------+
 *   |                 length (24)                   |
 *   +---------------+---------------+---------------+
 *   |   type (8)    |   flags (8)   |
 *   +-+-------------+---------------+-------------------------------+
 *   |R|                   stream (31)                               |
 *   +=+=============================================================+
 * </pre>
 */
final class Http2Wire {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY = 32;

    /** What a frame may hold unless more was allowed (RFC 9113 §4.2). */
    static final int FRAME_BYTES = 16_384;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 9;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] head = new byte[HEAD_BYTES];
    private byte[] payload;
    private boolean hasBegun;
    private int headBytes;
    private int payloadBytes;

    /** One that has come. */
    record Received(int type, int flags, int stream, ByteBuffer payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The payload without padding and priority, of DATA and HEADERS. */
        ByteBuffer content() throws IOException {
            int padding = has(PADDED) ? payload.get() & 0xff : 0;
            int priority = type == HEADERS && has(PRIORITY) ? 5 : 0;
            if (padding + priority > payload.remaining()) {
                throw new EOFException("a frame of HTTP/2 with more padding than there is (RFC 9113 §6.1)");
            }
            return payload.position(payload.position() + priority).limit(payload.limit() - padding);
        }
    }

    Http2Wire(Socket socket) throws IOException {
        in = new BufferedInputStream(socket.getInputStream(), 4 * FRAME_BYTES);
        out = socket.getOutputStream();
        out.write(PREFACE);
    }

    /**
     * The next frame; goes on where it was when the socket's patience ended the last time.
     *
     * @throws ProtocolException when it is no HTTP/2
     * @throws SocketException when TCP has ended
     */
    Received next() throws IOException {
        while (headBytes < HEAD_BYTES) {
            headBytes += fill(head, headBytes);
        }
        ByteBuffer fields = ByteBuffer.wrap(head);
        int length = fields.getInt(0) >>> 8;
        if (!hasBegun && (head[3] != SETTINGS || length > FRAME_BYTES)) { // RFC 9113 §3.4
            throw new ProtocolException("it does not speak HTTP/2");
        }
        hasBegun = true;
        if (length > FRAME_BYTES) {
            throw new EOFException("a frame of HTTP/2 of " + length + " bytes came (RFC 9113 §4.2)");
        }
        payload = payload == null ? new byte[length] : payload;
        while (payloadBytes < length) {
            payloadBytes += fill(payload, payloadBytes);
        }
        Received whole = new Received(head[3], head[4], fields.getInt(5) & Integer.MAX_VALUE, ByteBuffer.wrap(payload));
        headBytes = 0;
        payloadBytes = 0;
        payload = null;
        return whole;
    }

    private int fill(byte[] bytes, int from) throws IOException {
        int count = in.read(bytes, from, bytes.length - from);
        if (count < 0) {
            throw new SocketException("TCP ended, and the stream had not");
        }
        return count;
    }

    void send(int type, int flags, int stream, byte[] bytes) throws IOException {
        send(type, flags, stream, bytes, 0, bytes.length);
    }

    synchronized void send(int type, int flags, int stream, byte[] bytes, int from, int length) throws IOException {
        out.write(ByteBuffer.allocate(HEAD_BYTES + length)
                .put((byte) (length >> 16)).putShort((short) length).put((byte) type).put((byte) flags).putInt(stream).put(bytes, from, length).array());
        out.flush();
    }
}
