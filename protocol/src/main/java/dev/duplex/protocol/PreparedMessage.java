package dev.duplex.protocol;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A message framed once, and compressed once, to be sent by servers to many connections.
 *
 * <p>Its frames are made when first asked for, and serve every connection whose compressor starts each message anew. Any
 * thread may ask: two that ask at once may both make the same frame.
 */
public final class PreparedMessage {
    private final Message message;
    // Other threads may see these late, but never half made: what a record's final fields hold is seen whole.
    private Framed plain;
    private Framed compressed;

    private PreparedMessage(Message message) {
        this.message = Objects.requireNonNull(message, "message");
    }

    /** Prepares a message; its bytes must not change afterwards. */
    public static PreparedMessage of(Message message) {
        return new PreparedMessage(message);
    }

    /** What was prepared. */
    public Message message() {
        return message;
    }

    /**
     * The whole unmasked frame as a server with such compression sends it.
     *
     * @param deflate the connection's compression, which is only asked what it would do; null if none
     * @return the same array for all, not to be changed; null if the connection compresses with context takeover and must do so
     *     itself
     */
    byte[] frame(PerMessageDeflate deflate) {
        if (deflate == null || !deflate.compresses(message)) {
            return plainFrame();
        }
        return deflate.sharesMessages() ? compressedFrame(deflate) : null;
    }

    private byte[] plainFrame() {
        Framed made = plain;
        if (made == null) {
            made = new Framed(0, 0, frame(ByteBuffer.wrap(message.bytes()), 0), null);
            plain = made;
        }
        return made.frame;
    }

    private byte[] compressedFrame(PerMessageDeflate deflate) {
        for (Framed known = compressed; known != null; known = known.next) {
            if (known.windowBits == deflate.windowBits() && known.level == deflate.level()) {
                return known.frame;
            }
        }
        byte[] frame = frame(deflate.deflateForAll(message.bytes()), FrameHeader.RSV1);
        compressed = new Framed(deflate.windowBits(), deflate.level(), frame, compressed);
        return frame;
    }

    private byte[] frame(ByteBuffer payload, int rsv1) {
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(length, false) + length);
        FrameHeader.put(frame, FrameHeader.FIN | rsv1 | (message.isText() ? Opcode.TEXT : Opcode.BINARY), length, false);
        return frame.put(payload).array();
    }

    /** A frame for all connections of one window and level; a list, since a server has one such pair, rarely two. */
    private record Framed(int windowBits, int level, byte[] frame, Framed next) {}
}
