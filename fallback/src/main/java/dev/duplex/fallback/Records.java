package dev.duplex.fallback;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The body of a response: pieces of the connection's bytes, signs of life, and the end.
 *
 * <pre>
 *   length (4 bytes, big-endian)   bytes          application/octet-stream
 *   00 00 00 00                                   a sign of life
 *   ff ff ff ff                                   the end: the connection has no more bytes
 *
 *   id: number of the byte after the piece        text/event-stream
 *   data: the bytes in Base64
 *
 *   : (a comment)                                 a sign of life
 *   event: end                                    the end
 *   data:
 * </pre>
 */
final class Records {
    private static final int END = -1;
    private static final byte[] END_RECORD = {-1, -1, -1, -1};
    private static final byte[] ALIVE_RECORD = {0, 0, 0, 0};
    private static final byte[] END_EVENT = ascii("event: end\ndata:\n\n");
    private static final byte[] ALIVE_EVENT = ascii(":\n\n");

    /** More than a server sends in a piece: a length beyond it is no length. */
    private static final int MAX_PIECE_BYTES = 16 << 20;

    private Records() {}

    /** @param after the number of the byte after the piece */
    static byte[] piece(Delivery delivery, byte[] bytes, long after) {
        if (delivery == Delivery.EVENTS) {
            return ascii("id: " + after + "\ndata: " + Base64.getEncoder().encodeToString(bytes) + "\n\n");
        }
        return ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes).array();
    }

    static byte[] end(Delivery delivery) {
        return (delivery == Delivery.EVENTS ? END_EVENT : END_RECORD).clone();
    }

    static byte[] alive(Delivery delivery) {
        return (delivery == Delivery.EVENTS ? ALIVE_EVENT : ALIVE_RECORD).clone();
    }

    /**
     * Reads the next piece; empty for a sign of life.
     *
     * @return null at the end of the connection
     * @throws EOFException if the response ends first
     * @throws IOException if it breaks, or is not what it should be
     */
    static byte[] next(Delivery delivery, DataInputStream in) throws IOException {
        if (delivery == Delivery.EVENTS) {
            return nextEvent(in);
        }
        int length = in.readInt();
        if (length == END) {
            return null;
        }
        if (length < 0 || length > MAX_PIECE_BYTES) {
            throw new IOException("not a record: " + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a record was cut");
        }
        return bytes;
    }

    private static byte[] nextEvent(DataInputStream in) throws IOException {
        String data = "";
        boolean isEnd = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            isEnd |= line.equals("event: end");
            data = line.startsWith("data: ") ? line.substring(6) : data;
        }
        try {
            return isEnd ? null : Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new IOException("not Base64", e);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
            line.append((char) b);
            if (line.length() > MAX_PIECE_BYTES) {
                throw new IOException("not an event");
            }
        }
        return line.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
