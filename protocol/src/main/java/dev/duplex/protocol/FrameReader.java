package dev.duplex.protocol;

import java.nio.ByteBuffer;

/** Reads frame headers from any split of the input and keeps what the current frame still owes. */
final class FrameReader {
    /** So much is copied before it is unmasked: it is still in the processor's nearest cache. */
    private static final int STEP_BYTES = 8 * 1024;

    private final Role role;
    private final boolean isDeflated;

    /** A header that the input has cut; null until it cuts one, which most connections never see. */
    private byte[] cut;
    private int cutBytes;

    private int first;
    private int key;
    private long payloadBytes;
    private long remaining;
    private boolean isInFrame;
    private Violation violation;

    FrameReader(Role role, boolean isDeflated) {
        this.role = role;
        this.isDeflated = isDeflated;
    }

    /**
     * Reads a header if all of it is there; false if more input is needed, or if {@link #violation} is set.
     *
     * @param isInMessage whether a fragmented message has begun and not ended
     */
    boolean readHeader(ByteBuffer in, boolean isInMessage) {
        if (cutBytes == 0 && in.remaining() >= 2) {
            int position = in.position();
            int second = in.get(position + 1) & 0xFF;
            int headerBytes = FrameHeader.bytes(second);
            if (in.remaining() >= headerBytes) {
                in.position(position + headerBytes);
                return accepts(in.get(position) & 0xFF, second, isInMessage) && begin(in, position + 2, second);
            }
        }
        return readCutHeader(in, isInMessage);
    }

    private boolean readCutHeader(ByteBuffer in, boolean isInMessage) {
        while (in.hasRemaining()) {
            cut = cut != null ? cut : new byte[FrameHeader.MAX_BYTES];
            cut[cutBytes++] = in.get();
            int second = cut[1] & 0xFF;
            // The first two bytes are judged before the rest has come: a wrong opcode must not wait for its length.
            if (cutBytes == 2 && !accepts(cut[0] & 0xFF, second, isInMessage)) {
                return false;
            }
            if (cutBytes >= 2 && cutBytes == FrameHeader.bytes(second)) {
                first = cut[0] & 0xFF;
                cutBytes = 0;
                return begin(ByteBuffer.wrap(cut), 2, second);
            }
        }
        return false;
    }

    private boolean accepts(int firstByte, int second, boolean isInMessage) {
        first = firstByte;
        violation = FrameRules.firstTwoBytes(firstByte, second, role, isInMessage, isDeflated);
        return violation == null;
    }

    private boolean begin(ByteBuffer header, int position, int second) {
        int announced = second & 0x7F;
        int at = position;
        payloadBytes = announced;
        if (announced >= 126) {
            payloadBytes = announced == 126 ? header.getShort(at) & 0xFFFF : header.getLong(at);
            at += announced == 126 ? 2 : 8;
            violation = FrameRules.extendedLength(announced, payloadBytes);
        }
        key = (second & FrameHeader.MASK) == 0 ? 0 : header.getInt(at);
        remaining = payloadBytes;
        isInFrame = violation == null;
        return isInFrame;
    }

    /** Takes up to {@code length} bytes of the payload, unmasked; the caller has seen to it that the input and the frame have them. */
    void readPayload(ByteBuffer in, byte[] into, int offset, int length) {
        for (int done = 0; done < length; ) {
            int step = Math.min(length - done, STEP_BYTES);
            in.get(into, offset + done, step);
            if (key != 0) {
                Masking.apply(into, offset + done, step, key);
                key = Masking.advance(key, step);
            }
            done += step;
        }
        remaining -= length;
    }

    /** How much of the payload can be read now. */
    int available(ByteBuffer in) {
        return (int) Math.min(remaining, in.remaining());
    }

    /** Leaves a frame whose payload was read. */
    void endFrame() {
        isInFrame = false;
    }

    boolean isInFrame() {
        return isInFrame;
    }

    /** Whether a header or a payload has begun and not ended. */
    boolean isBetweenFrames() {
        return !isInFrame && cutBytes == 0;
    }

    boolean isFinal() {
        return (first & FrameHeader.FIN) != 0;
    }

    boolean isCompressed() {
        return (first & FrameHeader.RSV1) != 0;
    }

    int opcode() {
        return first & 0x0F;
    }

    long payloadBytes() {
        return payloadBytes;
    }

    long remaining() {
        return remaining;
    }

    Violation violation() {
        return violation;
    }
}
