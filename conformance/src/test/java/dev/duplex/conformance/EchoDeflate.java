package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Both directions of permessage-deflate on the JDK's zlib, but for the planted fault. */
final class EchoDeflate {
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
    private final Inflater inflater = new Inflater(true);
    private final Deflater deflater = new Deflater(6, true);
    private final Fault fault;
    private final int ownWindowBytes;
    private final boolean ownTakeover;
    private final boolean peerTakeover;

    EchoDeflate(Fault fault, int ownBits, boolean ownTakeover, boolean peerTakeover) {
        this.fault = fault;
        this.ownWindowBytes = fault == Fault.WINDOW_NOT_KEPT ? 1 << 15 : 1 << ownBits;
        this.ownTakeover = ownTakeover || fault == Fault.TAKEOVER_KEPT_AGAINST_AGREEMENT;
        this.peerTakeover = peerTakeover;
    }

    byte[] inflate(byte[] compressed, int maxBytes) throws EchoEngine.Broken {
        if (!peerTakeover) {
            inflater.reset();
        }
        byte[] input = Arrays.copyOf(compressed, compressed.length + TAIL.length);
        System.arraycopy(TAIL, 0, input, compressed.length, TAIL.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        int at = 0;
        try {
            inflater.setInput(input);
            while (true) {
                int n = inflater.inflate(chunk);
                out.write(chunk, 0, n);
                if (out.size() > maxBytes) {
                    throw new EchoEngine.Broken(1009);
                }
                if (inflater.finished()) {
                    at = input.length - inflater.getRemaining();
                    inflater.reset();
                    inflater.setInput(input, at, fault == Fault.FINAL_BLOCK_ENDS_STREAM ? 0 : input.length - at);
                    if (fault == Fault.FINAL_BLOCK_ENDS_STREAM) {
                        throw new EchoEngine.Broken(1002);
                    }
                } else if (n == 0) {
                    return out.toByteArray();
                }
            }
        } catch (DataFormatException e) {
            if (fault != Fault.BAD_DEFLATE_IGNORED) {
                throw new EchoEngine.Broken(1007);
            }
            inflater.reset();
            return out.toByteArray();
        }
    }

    /** A small window is kept by forgetting the past before each message, and after as many bytes as it holds. */
    byte[] deflate(byte[] plain) {
        if (!ownTakeover || ownWindowBytes < 1 << 15) {
            deflater.reset();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int at = 0; at == 0 || at < plain.length; at += ownWindowBytes) {
            int length = Math.min(ownWindowBytes, plain.length - at);
            deflater.setInput(plain, at, length);
            int n;
            do {
                n = deflater.deflate(chunk, 0, chunk.length, at + length < plain.length ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH);
                out.write(chunk, 0, n);
            } while (n == chunk.length);
        }
        byte[] bytes = out.toByteArray();
        return bytes.length < 5 ? new byte[1] : Arrays.copyOf(bytes, bytes.length - TAIL.length);
    }
}
