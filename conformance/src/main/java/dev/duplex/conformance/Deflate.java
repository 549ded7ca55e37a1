package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Compresses messages for one direction of a connection (RFC 7692 §7.2.1).
 *
 * <p>The JDK's deflater always looks back 2^15 bytes. For a smaller window the input is cut at 2^N bytes with a full flush
 * between, which forgets the past: no reference can then reach further back than 2^N bytes.
 */
final class Deflate implements AutoCloseable {
    /** The fastest: what takes long in a full check is zlib, and how well it compresses is not judged. */
    private static final int FAST = 1;
    private static final int SMALL = 4;
    private static final int TAIL_BYTES = 4;
    private final Deflater deflater;
    private final byte[] chunk = new byte[16 * 1024];
    private final int windowBytes;
    private final boolean takeover;
    private int sinceFlush;

    Deflate(int windowBits, boolean takeover) {
        this(FAST, windowBits, takeover);
    }

    private Deflate(int level, int windowBits, boolean takeover) {
        this.deflater = new Deflater(level, true);
        this.windowBytes = windowBits >= 15 ? Integer.MAX_VALUE : 1 << windowBits;
        this.takeover = takeover;
    }

    /** The payload of a compressed message, without the tail {@code 00 00 ff ff}. */
    byte[] message(byte[] plain) {
        if (!takeover) {
            deflater.reset();
            sinceFlush = 0;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
        int at = 0;
        while (at < plain.length) {
            int length = Math.min(plain.length - at, windowBytes - sinceFlush);
            deflater.setInput(plain, at, length);
            at += length;
            sinceFlush = windowBytes == Integer.MAX_VALUE ? 0 : sinceFlush + length;
            boolean full = sinceFlush == windowBytes;
            drain(out, full ? Deflater.FULL_FLUSH : at == plain.length ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
            sinceFlush = full ? 0 : sinceFlush;
        }
        byte[] bytes = out.toByteArray();
        return bytes.length == 0 ? new byte[1] : Arrays.copyOf(bytes, bytes.length - TAIL_BYTES);
    }

    /** What so many MiB of zeros compress to: a thousandth of their size. */
    static byte[] zeros(int mebibytes) {
        try (Deflate deflate = new Deflate(SMALL, 15, true)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] zeros = new byte[1 << 20];
            for (int i = 1; i <= mebibytes; i++) {
                deflate.deflater.setInput(zeros);
                deflate.drain(out, i == mebibytes ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
            }
            byte[] bytes = out.toByteArray();
            return Arrays.copyOf(bytes, bytes.length - TAIL_BYTES);
        }
    }

    private void drain(ByteArrayOutputStream out, int flush) {
        int n;
        do {
            n = deflater.deflate(chunk, 0, chunk.length, flush);
            out.write(chunk, 0, n);
        } while (n == chunk.length);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
