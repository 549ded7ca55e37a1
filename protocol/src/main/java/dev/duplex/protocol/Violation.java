package dev.duplex.protocol;

/** A rule that a peer can break: the close code that answers, where the rule stands, and a sentence. */
public enum Violation {
    /** A reserved bit without an extension that gives it a meaning, or where that extension gives it none. */
    RESERVED_BIT(1002, "RFC 6455 §5.2", "a reserved bit is set that no negotiated extension defines"),
    /** Opcodes 3–7 and 11–15. */
    RESERVED_OPCODE(1002, "RFC 6455 §5.2", "the opcode is reserved"),
    /** A Ping, Pong or Close without FIN. */
    CONTROL_FRAGMENTED(1002, "RFC 6455 §5.5", "a control frame must not be fragmented"),
    /** A Ping, Pong or Close above 125 bytes. */
    CONTROL_TOO_LONG(1002, "RFC 6455 §5.5", "a control frame has at most 125 bytes"),
    /** RSV1 on a control frame or on a later fragment. */
    MISPLACED_COMPRESSION_BIT(1002, "RFC 7692 §6.1", "RSV1 may stand on the first frame of a message only"),
    /** An unmasked frame from a client. */
    NOT_MASKED(1002, "RFC 6455 §5.1", "a client must mask its frames"),
    /** A masked frame from a server. */
    MASKED(1002, "RFC 6455 §5.1", "a server must not mask its frames"),
    /** 16 bits for a length that fits in 7, or 64 for one that fits in 16. */
    LENGTH_NOT_MINIMAL(1002, "RFC 6455 §5.2", "the length must take as few bytes as possible"),
    /** A 64-bit length with its highest bit set. */
    LENGTH_NEGATIVE(1002, "RFC 6455 §5.2", "the highest bit of a 64-bit length must be 0"),
    /** A continuation frame outside a message. */
    NOTHING_TO_CONTINUE(1002, "RFC 6455 §5.4", "a continuation frame came without a message to continue"),
    /** A text or binary frame inside a fragmented message. */
    MESSAGE_NOT_FINISHED(1002, "RFC 6455 §5.4", "a new message began before the last one had ended"),
    /** A Close frame with a single byte. */
    CLOSE_PAYLOAD_TOO_SHORT(1002, "RFC 6455 §5.5.1", "a Close frame's payload begins with a two-byte code"),
    /** A close code that must not be sent. */
    CLOSE_CODE_INVALID(1002, "RFC 6455 §7.4", "the close code may not be sent"),
    /** A close reason that is not UTF-8. */
    CLOSE_REASON_NOT_UTF8(1007, "RFC 6455 §5.5.1", "the close reason is not UTF-8"),
    /** A text that is not UTF-8. */
    TEXT_NOT_UTF8(1007, "RFC 6455 §8.1", "the text is not UTF-8"),
    /** Compressed data that cannot be inflated. */
    DEFLATE_DATA_INVALID(1007, "RFC 7692 §7.2.2", "the compressed data cannot be inflated"),
    /** A message above the limit, on the wire or inflated. */
    MESSAGE_TOO_BIG(1009, "RFC 6455 §10.4", "the message is larger than this end accepts"),
    /** More fragments than the bytes received justify. */
    TOO_MANY_FRAGMENTS(1008, "RFC 6455 §10.4", "the message has too many fragments for its size"),
    /** More control frames than any heartbeat needs. */
    TOO_MANY_CONTROL_FRAMES(1008, "RFC 6455 §10.4", "control frames come too fast"),
    /** More messages than the endpoint allows. */
    TOO_MANY_MESSAGES(1008, "RFC 6455 §10.4", "messages come too fast"),
    /** A frame or message that was begun and does not go on. */
    TOO_SLOW(1008, "RFC 6455 §10.4", "a message was begun and not finished in time");

    private final int closeCode;
    private final String source;
    private final String sentence;

    Violation(int closeCode, String source, String sentence) {
        this.closeCode = closeCode;
        this.source = source;
        this.sentence = sentence;
    }

    /** The code of the Close frame that answers. */
    public int closeCode() {
        return closeCode;
    }

    /** Where the rule stands, or what allows it. */
    public String source() {
        return source;
    }

    /** What is wrong, as the Close frame tells the peer. */
    public String sentence() {
        return sentence;
    }

    CloseReason reason() {
        return new CloseReason(closeCode, sentence, CloseReason.Initiator.LOCAL, false);
    }
}
