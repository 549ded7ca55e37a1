package dev.duplex.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Puts frames into octets, right or deliberately wrong (RFC 6455 §5.2). */
final class FrameWriter {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final boolean client;
    private byte[] partKey = new byte[0];
    private int partAt;

    /** Masks by default if it writes for a client. */
    FrameWriter(boolean client) {
        this.client = client;
    }

    byte[] frame(Frame frame, Step.Form form) {
        byte[] payload = frame.payload();
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        byte[] key = header(out, frame.fin(), frame.rsv(), frame.opcode(), payload.length, form);
        out.writeBytes(masked(payload, key, 0));
        return out.toByteArray();
    }

    /** The header of a frame whose payload is written in {@link #part parts}. */
    byte[] head(Step.Head head) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        partKey = header(out, head.fin(), 0, head.opcode(), head.announcedBytes(), head.form());
        partAt = 0;
        return out.toByteArray();
    }

    byte[] part(byte[] payload) {
        byte[] bytes = masked(payload, partKey, partAt);
        partAt += payload.length;
        return bytes;
    }

    private byte[] header(ByteArrayOutputStream out, boolean fin, int rsv, int opcode, long length, Step.Form form) {
        byte[] key = key(form.masking());
        int maskBit = key.length == 0 ? 0 : 0x80;
        out.write((fin ? 0x80 : 0) | rsv << 4 | opcode);
        int lengthBytes = form.lengthBytes() > 0 ? form.lengthBytes() : length >= 0 && length < 126 ? 0 : length >= 0 && length < 65536 ? 2 : 8;
        switch (lengthBytes) {
            case 0 -> out.write(maskBit | (int) length);
            case 2 -> out.writeBytes(new byte[] {(byte) (maskBit | 126), (byte) (length >> 8), (byte) length});
            default -> {
                out.write(maskBit | 127);
                out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
            }
        }
        out.writeBytes(key);
        return key;
    }

    private byte[] key(Step.Masking masking) {
        boolean mask = switch (masking) {
            case BY_ROLE -> client;
            case NEVER -> false;
            case ALWAYS, ZERO_KEY -> true;
        };
        byte[] key = new byte[mask ? 4 : 0];
        if (mask && masking != Step.Masking.ZERO_KEY) {
            RANDOM.nextBytes(key);
        }
        return key;
    }

    private static byte[] masked(byte[] payload, byte[] key, int offset) {
        if (key.length == 0) {
            return payload;
        }
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) (payload[i] ^ key[offset + i & 3]);
        }
        return bytes;
    }
}
