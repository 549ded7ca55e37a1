package dev.duplex.protocol;

/** Every rule that a frame's header alone can break, as pure functions of its bytes (RFC 6455 §5). */
final class FrameRules {
    private FrameRules() {}

    /**
     * Judges the first two bytes: reserved bits, opcode, FIN, mask, length, in this order, so that an unknown opcode is never
     * answered by a rule on its length.
     *
     * @param receiver the end that judges
     * @param isInMessage whether a fragmented message has begun and not ended
     * @param isDeflated whether permessage-deflate was negotiated
     * @return what is wrong, or null
     */
    static Violation firstTwoBytes(int first, int second, Role receiver, boolean isInMessage, boolean isDeflated) {
        int opcode = first & 0x0F;
        boolean isControl = Opcode.isControl(opcode);
        // §5.2: RSV1–3 MUST be 0 unless an extension is negotiated that defines meanings for non-zero values.
        if ((first & 0x30) != 0 || (first & FrameHeader.RSV1) != 0 && !isDeflated) {
            return Violation.RESERVED_BIT;
        }
        // §5.2: if an unknown opcode is received, the receiving endpoint MUST fail the connection.
        if (!Opcode.isKnown(opcode)) {
            return Violation.RESERVED_OPCODE;
        }
        // RFC 7692 §6.1: RSV1 marks the first fragment of a data message and nothing else.
        if ((first & FrameHeader.RSV1) != 0 && (isControl || opcode == Opcode.CONTINUATION)) {
            return Violation.MISPLACED_COMPRESSION_BIT;
        }
        // §5.5: control frames MUST NOT be fragmented.
        if (isControl && (first & FrameHeader.FIN) == 0) {
            return Violation.CONTROL_FRAGMENTED;
        }
        // §5.4: fragments of one message MUST NOT be interleaved with those of another.
        if (!isControl && (opcode == Opcode.CONTINUATION) != isInMessage) {
            return isInMessage ? Violation.MESSAGE_NOT_FINISHED : Violation.NOTHING_TO_CONTINUE;
        }
        // §5.1: a server MUST close upon an unmasked frame, a client upon a masked one.
        if ((second & FrameHeader.MASK) == 0 == (receiver == Role.SERVER)) {
            return receiver == Role.SERVER ? Violation.NOT_MASKED : Violation.MASKED;
        }
        // §5.5: control frames MUST have a payload length of 125 bytes or less.
        if (isControl && (second & 0x7F) > FrameHeader.MAX_CONTROL_PAYLOAD_BYTES) {
            return Violation.CONTROL_TOO_LONG;
        }
        return null;
    }

    /** Judges an extended length by the seven bits that announced it: 126 or 127. */
    static Violation extendedLength(int announced, long length) {
        // §5.2: the most significant bit of a 64-bit length MUST be 0.
        if (length < 0) {
            return Violation.LENGTH_NEGATIVE;
        }
        // §5.2: the minimal number of bytes MUST be used to encode the length.
        return length < (announced == 126 ? 126 : 1 << 16) ? Violation.LENGTH_NOT_MINIMAL : null;
    }
}
