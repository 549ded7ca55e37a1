package dev.duplex.load;

import io.netty.buffer.ByteBuf;

/**
 * Reads the headers of a server's frames and passes over what they carry (RFC 6455 §5.2).
 *
 * <p>Enough is checked to tell frames from noise: no mask, no reserved bit that was not agreed on, no unknown opcode.
 */
final class FrameCounter {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_RSV3 = 0x30;
    private static final int MASK = 0x80;
    private static final int MAX_HEADER_BYTES = 10;

    /** Hears of whole messages and control frames. */
    interface Sink {
        /** A message of so many payload bytes, as they came, has ended. */
        void message(long payloadBytes, boolean isCompressed);

        /** A control frame has come. */
        void control(int opcode, byte[] payload);
    }

    /** Bytes that no server may send. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message, null, false, false);
        }
    }

    private final boolean isDeflated;
    private final Sink sink;
    private final byte[] cut = new byte[MAX_HEADER_BYTES];
    private int cutBytes;
    private int first;
    private boolean isInFrame;
    private long remaining;
    private byte[] control;
    private long messageBytes;
    private boolean isCompressed;

    FrameCounter(boolean isDeflated, Sink sink) {
        this.isDeflated = isDeflated;
        this.sink = sink;
    }

    /** Reads all of it. @throws Fault if a frame is none */
    void receive(ByteBuf in) {
        while (in.isReadable()) {
            if (!isInFrame && !readHeader(in)) {
                return;
            }
            int bytes = (int) Math.min(remaining, in.readableBytes());
            if (control != null) {
                in.readBytes(control, control.length - (int) remaining, bytes);
            } else {
                in.skipBytes(bytes);
            }
            remaining -= bytes;
            if (remaining == 0) {
                endFrame();
            }
        }
    }

    private boolean readHeader(ByteBuf in) {
        if (cutBytes == 0 && in.readableBytes() >= MAX_HEADER_BYTES) {
            int at = in.readerIndex();
            int second = in.getByte(at + 1);
            begin(in.getByte(at), second, second == 126 ? in.getUnsignedShort(at + 2) : second == 127 ? in.getLong(at + 2) : second);
            in.skipBytes(headerBytes(second));
            return true;
        }
        while (in.isReadable()) {
            cut[cutBytes++] = in.readByte();
            if (cutBytes >= 2 && cutBytes == headerBytes(cut[1])) {
                long length = cutBytes == 2 ? cut[1] : 0;
                for (int i = 2; i < cutBytes; i++) {
                    length = length << 8 | cut[i] & 0xFF;
                }
                begin(cut[0], cut[1], length);
                cutBytes = 0;
                return true;
            }
        }
        return false;
    }

    private static int headerBytes(int second) {
        int length = second & ~MASK & 0xFF;
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    private void begin(int firstByte, int second, long length) {
        first = firstByte & 0xFF;
        int opcode = first & 0x0F;
        boolean isControl = opcode >= 8;
        if ((second & MASK) != 0 || length < 0) {
            throw new Fault("a frame with a mask, or with a length that is none");
        }
        if ((first & RSV2_RSV3) != 0 || (first & RSV1) != 0 && !isDeflated || (opcode & 7) > 2) {
            throw new Fault("a frame that begins with 0x%02x".formatted(first));
        }
        if (isControl && length > 125) {
            throw new Fault("a control frame of " + length + " bytes");
        }
        if (!isControl && opcode != 0) {
            messageBytes = 0;
            isCompressed = (first & RSV1) != 0;
        }
        isInFrame = true;
        remaining = length;
        control = isControl ? new byte[(int) length] : null;
        if (!isControl) {
            messageBytes += length;
        }
    }

    private void endFrame() {
        isInFrame = false;
        if (control != null) {
            byte[] payload = control;
            control = null;
            sink.control(first & 0x0F, payload);
        } else if ((first & FIN) != 0) {
            sink.message(messageBytes, isCompressed);
        }
    }
}
