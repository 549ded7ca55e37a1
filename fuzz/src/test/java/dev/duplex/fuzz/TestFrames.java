package dev.duplex.fuzz;

import java.nio.ByteBuffer;

/** Frames made by hand, so that a fuzzer can think about what is in them. */
final class TestFrames {
    private TestFrames() {}

    /** A client's frame with the key 0, which leaves the payload as it is. */
    static byte[] masked(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) 0xFE).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xFF).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }
}
