package dev.duplex.fallback;

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
 *   event: alive                                  a sign of life: a comment would not reach a page
 *   data:
 *   event: end                                    the end
 *   data:
 * </pre>
 */
final class Records {
    private static final byte[] END_RECORD = {-1, -1, -1, -1};
    private static final byte[] ALIVE_RECORD = {0, 0, 0, 0};
    private static final byte[] END_EVENT = ascii("event: end\ndata:\n\n");
    private static final byte[] ALIVE_EVENT = ascii("event: alive\ndata:\n\n");

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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
