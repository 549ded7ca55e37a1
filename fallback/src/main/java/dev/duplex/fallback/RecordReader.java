package dev.duplex.fallback;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/** Reads the {@link Records} of one response, each piece as soon as some of it has come: what a broken response brought counts. */
final class RecordReader {
    private static final int END = -1;
    private static final int MOST_AT_ONCE = 32 * 1024;
    private static final int MAX_LINE_CHARACTERS = 1 << 20;

    private final boolean readsEvents;
    private final DataInputStream in;
    private int left;

    RecordReader(Delivery delivery, InputStream body) {
        readsEvents = delivery == Delivery.EVENTS;
        in = new DataInputStream(new BufferedInputStream(body, MOST_AT_ONCE));
    }

    /**
     * Reads on.
     *
     * @return the next bytes; none for a sign of life; null at the end of the connection
     * @throws EOFException if the response ends first
     * @throws IOException if it breaks, or is not what it should be
     */
    byte[] next() throws IOException {
        if (readsEvents) {
            return nextEvent();
        }
        if (left == 0) {
            left = in.readInt();
            if (left == END) {
                return null;
            }
            if (left < 0) {
                throw new IOException("not a record: " + left);
            }
        }
        byte[] bytes = new byte[Math.min(left, MOST_AT_ONCE)];
        int read = bytes.length == 0 ? 0 : in.read(bytes);
        if (read < 0) {
            throw new EOFException("a record was cut");
        }
        left -= read;
        return read == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, read);
    }

    private byte[] nextEvent() throws IOException {
        String data = "";
        boolean isEnd = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            isEnd |= line.equals("event: end");
            data = line.startsWith("data: ") ? line.substring(6) : data;
        }
        try {
            return isEnd ? null : Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new IOException("not Base64", e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
            line.append((char) b);
            if (line.length() > MAX_LINE_CHARACTERS) {
                throw new IOException("not an event");
            }
        }
        return line.toString();
    }
}
