package dev.duplex.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.DataFormatException;

/** Both directions of permessage-deflate as tests use them: whole messages, or pieces of given sizes. */
final class DeflateWire {
    static final DeflateOptions OPTIONS = DeflateOptions.defaults().withThresholdBytes(0);

    private DeflateWire() {}

    static PerMessageDeflate end(Role role, boolean takeover, int windowBits) {
        return end(role, takeover, windowBits, OPTIONS);
    }

    static PerMessageDeflate end(Role role, boolean takeover, int windowBits, DeflateOptions options) {
        return PerMessageDeflate.of(role, new DeflateParameters(!takeover, !takeover, windowBits, windowBits), options);
    }

    static byte[] hex(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    static byte[] deflate(PerMessageDeflate from, byte[] message) {
        return bytes(from.deflate(message, 0, message.length, true));
    }

    static byte[] deflateInPieces(PerMessageDeflate from, byte[] message, int pieceBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int offset = 0;
        for (; message.length - offset > pieceBytes; offset += pieceBytes) {
            all.writeBytes(bytes(from.deflate(message, offset, pieceBytes, false)));
        }
        all.writeBytes(bytes(from.deflate(message, offset, message.length - offset, true)));
        return all.toByteArray();
    }

    static byte[] inflate(PerMessageDeflate to, byte[] payload) throws DataFormatException {
        return inflate(to, payload, Math.max(1, payload.length), 4096);
    }

    /** The payload in fragments of some size, inflated in steps of another. */
    static byte[] inflate(PerMessageDeflate to, byte[] payload, int fragmentBytes, int stepBytes) throws DataFormatException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int offset = 0;
        do {
            int fragment = Math.min(fragmentBytes, payload.length - offset);
            to.feed(payload, offset, fragment, offset + fragment == payload.length);
            offset += fragment;
            drain(to, stepBytes, all);
        } while (offset < payload.length);
        return all.toByteArray();
    }

    static void drain(PerMessageDeflate to, int stepBytes, ByteArrayOutputStream all) throws DataFormatException {
        // Not at the array's start, so that an offset ignored would show.
        byte[] step = new byte[stepBytes + 3];
        for (int got = to.inflate(step, 3, stepBytes); got > 0; got = to.inflate(step, 3, stepBytes)) {
            all.write(step, 3, got);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
