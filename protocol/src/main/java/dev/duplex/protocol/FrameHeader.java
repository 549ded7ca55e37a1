package dev.duplex.protocol;

import java.nio.ByteBuffer;

/**
 * What stands before each payload (RFC 6455 §5.2).
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-------+-+-------------+-------------------------------+
 *   |F|R|R|R|       |M|             |  16 bits if the 7 say 126,    |
 *   |I|S|S|S|opcode |A|   length    |  64 bits if they say 127      |
 *   |N|V|V|V|  (4)  |S|     (7)     |                               |
 *   | |1|2|3|       |K|             |                               |
 *   +-+-+-+-+-------+-+-------------+ - - - - - - - - - - - - - - - +
 *   |  key of 4 bytes, if MASK is set; then the payload             |
 *   +---------------------------------------------------------------+
 * </pre>
 */
final class FrameHeader {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    static final int MASK = 0x80;
    static final int MAX_BYTES = 14;
    static final int MAX_CONTROL_PAYLOAD_BYTES = 125;

    private FrameHeader() {}

    /** The size of the header whose second byte is given. */
    static int bytes(int second) {
        int length = second & 0x7F;
        return 2 + (length < 126 ? 0 : length == 126 ? 2 : 8) + ((second & MASK) == 0 ? 0 : 4);
    }

    /** The size of the header of a payload. */
    static int bytes(int payloadBytes, boolean isMasked) {
        return 2 + (payloadBytes < 126 ? 0 : payloadBytes < 1 << 16 ? 2 : 8) + (isMasked ? 4 : 0);
    }

    /** Writes FIN, RSV1, opcode and the length in as few bytes as possible; the key comes after. */
    static void put(ByteBuffer into, int first, int payloadBytes, boolean isMasked) {
        int mask = isMasked ? MASK : 0;
        if (payloadBytes < 126) {
            into.putShort((short) (first << 8 | mask | payloadBytes));
        } else if (payloadBytes < 1 << 16) {
            into.putInt(first << 24 | (mask | 126) << 16 | payloadBytes);
        } else {
            into.putShort((short) (first << 8 | mask | 127)).putLong(payloadBytes);
        }
    }
}
