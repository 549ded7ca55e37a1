package dev.duplex.attacks;

import dev.duplex.protocol.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Frames as a peer writes and reads them, right ones and wrong ones; an implementation of its own. */
final class Frames {
    private static final int KEY = 0x37fa213d;

    private Frames() {}

    /** A frame that came from the server. */
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0x0F;
        }

        int closeCode() {
            return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** A client's frame. */
    static byte[] masked(int first, byte[] payload) {
        byte[] frame = bytes(first, payload, true);
        int from = frame.length - payload.length;
        for (int i = 0; i < payload.length; i++) {
            frame[from + i] ^= (byte) (KEY >> 24 - 8 * (i & 3));
        }
        return frame;
    }

    /** A frame as {@code receiver} must get it: masked if that is the server. */
    static byte[] to(Role receiver, int first, byte[] payload) {
        return receiver == Role.SERVER ? masked(first, payload) : bytes(first, payload, false);
    }

    private static byte[] bytes(int first, byte[] payload, boolean isMasked) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        int mask = isMasked ? 0x80 : 0;
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | 127)).putLong(payload.length);
        }
        if (isMasked) {
            frame.putInt(KEY);
        }
        frame.put(payload);
        byte[] all = new byte[frame.position()];
        frame.flip().get(all);
        return all;
    }

    static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    static byte[] repeat(byte[] piece, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(piece.length * times);
        for (int i = 0; i < times; i++) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** The next frame of a server; null at its FIN. */
    static Frame read(RawSocket raw) throws IOException {
        DataInputStream in = new DataInputStream(raw.socket().getInputStream());
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int second = in.readUnsignedByte();
        long length = second < 126 ? second : second == 126 ? in.readUnsignedShort() : in.readLong();
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException("the server ended within a frame");
        }
        return new Frame(first, payload);
    }

    /** The code of the server's Close, and then its FIN; frames before it are passed over. */
    static int closeCode(RawSocket raw) throws IOException {
        for (Frame frame = read(raw); frame != null; frame = read(raw)) {
            if (frame.opcode() == 8) {
                return read(raw) == null ? frame.closeCode() : -1;
            }
        }
        return -1;
    }
}
