package dev.duplex.conformance;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/** Takes frames out of the peer's octets and judges each header (RFC 6455 §5.2). */
final class FrameReader {
    private static final long MAX_FRAME_BYTES = 256L << 20;
    private static final int CHUNK_BYTES = 64 * 1024;
    private final DataInputStream in;
    private final boolean fromClient;
    private final Set<Integer> keys = new HashSet<>();
    private int frames;

    FrameReader(InputStream in, boolean fromClient) {
        this.in = new DataInputStream(in);
        this.fromClient = fromClient;
    }

    /** How many frames have come, and with how many different masking keys. */
    synchronized int[] framesAndKeys() {
        return new int[] {frames, keys.size()};
    }

    /** The next frame; {@code null} when TCP has ended between two frames. */
    Frame next() throws IOException, FrameFault {
        int b0 = in.read();
        if (b0 < 0) {
            return null;
        }
        int b1 = in.readUnsignedByte();
        int opcode = b0 & 15;
        boolean fin = b0 >= 0x80;
        long length = length(b1 & 127);
        headerRules(opcode, fin, b1 >= 0x80, length);
        int key = b1 >= 0x80 ? in.readInt() : 0;
        seen(key);
        byte[] payload = payload((int) length);
        for (int i = 0; key != 0 && i < payload.length; i++) {
            payload[i] ^= (byte) (key >>> 24 - 8 * (i & 3));
        }
        return new Frame(fin, b0 >> 4 & 7, opcode, payload);
    }

    private synchronized void seen(int key) {
        frames++;
        if (keys.size() < 100) {
            keys.add(key);
        }
    }

    private long length(int seven) throws IOException, FrameFault {
        long length = seven == 126 ? in.readUnsignedShort() : seven == 127 ? in.readLong() : seven;
        if (seven == 126 && length < 126 || seven == 127 && length >= 0 && length < 65536) {
            throw new FrameFault("a length of " + length + " in " + (seven == 126 ? 16 : 64) + " bits, not in the least possible (RFC 6455 §5.2)");
        }
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new FrameFault("a frame that announces " + Long.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    private void headerRules(int opcode, boolean fin, boolean masked, long length) throws FrameFault {
        if (masked != fromClient) {
            throw new FrameFault(masked ? "a masked frame from a server (RFC 6455 §5.1)" : "an unmasked frame from a client (RFC 6455 §5.1)");
        }
        if (opcode > 2 && opcode < 8 || opcode > 10) {
            throw new FrameFault("a frame with the reserved opcode " + opcode + " (RFC 6455 §5.2)");
        }
        if (Frame.isControl(opcode) && (!fin || length > 125)) {
            throw new FrameFault(Frame.name(opcode) + (fin ? " with " + length + " bytes" : " with FIN=0") + " (RFC 6455 §5.5)");
        }
    }

    /** Holds what has come, not what was announced. */
    private byte[] payload(int length) throws IOException {
        byte[] payload = new byte[Math.min(length, CHUNK_BYTES)];
        int at = 0;
        while (at < length) {
            if (at == payload.length) {
                payload = java.util.Arrays.copyOf(payload, Math.min(length, payload.length * 2));
            }
            int n = in.read(payload, at, payload.length - at);
            if (n < 0) {
                throw new EOFException("it ended inside a frame");
            }
            at += n;
        }
        return payload;
    }
}
