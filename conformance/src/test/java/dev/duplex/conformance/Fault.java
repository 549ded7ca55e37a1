package dev.duplex.conformance;

/** One rule that the faulty echo breaks on purpose, the case that must find it, and the verdict that it must earn. */
enum Fault {
    NONE(""),

    // The opening handshake of a server.
    ACCEPT_OF_ANOTHER_KEY("20.1.1"),
    NO_UPGRADE_IN_ANSWER("20.1.1"),
    NO_CONNECTION_IN_ANSWER("20.1.1"),
    EXTENSION_NOBODY_OFFERED("20.1.1"),
    SUBPROTOCOL_NOBODY_ASKED("20.1.1"),
    FIELD_NAMES_CASE_SENSITIVE("20.1.2"),
    EARLY_FRAME_LOST("20.1.9"),
    METHOD_UNCHECKED("20.2.1"),
    HTTP_1_0_ACCEPTED("20.2.3"),
    HOST_UNCHECKED("20.2.6"),
    UPGRADE_UNCHECKED("20.3.2"),
    CONNECTION_UNCHECKED("20.3.5"),
    VERSION_UNCHECKED("20.4.1"),
    VERSION_NOT_TOLD("20.4.2"),
    KEY_UNCHECKED("20.5.3"),
    REFUSES_WITH_500("20.5.1", Verdict.NON_STRICT),

    // Frames.
    EMPTY_MESSAGES_LOST("1.1.1"),
    BINARY_ECHOED_AS_TEXT("1.2.2"),
    ECHOES_TWICE("1.1.2"),
    LENGTH_16_SIGNED("1.1.6"),
    LENGTH_NOT_MINIMAL("1.1.2"),
    SERVER_MASKS("1.1.1"),
    NON_MINIMAL_ACCEPTED("24.1.1", Verdict.NON_STRICT),
    HIGH_LENGTH_BIT_IGNORED("24.2.1"),
    UNMASKED_ACCEPTED("25.1.1"),
    MASK_OFFSET_LOST_IN_PARTS("24.3.1"),
    NO_PONG("2.1"),
    PONG_WITHOUT_PAYLOAD("2.2"),
    ANSWERS_PONGS("2.7"),
    LONG_PING_ACCEPTED("2.5"),
    RSV_IGNORED("3.1"),
    RESERVED_OPCODES_IGNORED("4.1.1"),
    RESERVED_CONTROL_OPCODES_IGNORED("4.2.1"),
    GOOD_MESSAGE_BEFORE_FAULT_LOST("3.2", Verdict.NON_STRICT),
    FRAGMENTED_PING_ACCEPTED("5.1"),
    LAST_FRAGMENT_ONLY("5.3"),
    PING_ENDS_MESSAGE("5.6"),
    ORPHAN_CONTINUATION_ACCEPTED("5.9"),
    MESSAGE_INSIDE_MESSAGE_ACCEPTED("5.18"),

    // UTF-8.
    UTF8_UNCHECKED("6.3.1"),
    UTF8_CHECKED_AT_THE_END("6.4.1", Verdict.NON_STRICT),
    UTF8_CHECKED_FRAME_BY_FRAME("6.4.3", Verdict.NON_STRICT),
    UTF8_SURROGATES_ACCEPTED("6.20.1"),
    UTF8_OVERLONG_ACCEPTED("6.17.1"),
    UTF8_BEYOND_LAST_ACCEPTED("6.11.5"),
    UTF8_CUT_SHORT_ACCEPTED("6.6.1"),
    UTF8_NONCHARACTERS_REFUSED("6.22.1"),
    UTF8_FAILS_WITH_1002("6.3.1"),

    // Closing.
    CLOSE_NOT_ANSWERED("7.1.2"),
    CLOSE_WITH_ANOTHER_CODE("7.7.1"),
    ONE_BYTE_CLOSE_ACCEPTED("7.3.2", Verdict.NON_STRICT),
    LONG_CLOSE_ACCEPTED("7.3.6"),
    CLOSE_REASON_UNCHECKED("7.5.1"),
    CLOSE_CODES_UNCHECKED("7.9.5"),
    CLOSE_3000_REFUSED("7.7.10"),
    ECHOES_AFTER_CLOSE("7.1.4"),
    TCP_LEFT_OPEN("7.1.1"),
    TCP_RESET_AFTER_CLOSE("7.1.1", Verdict.NON_STRICT),
    DROPS_WITHOUT_CLOSE("22.2.1", Verdict.NON_STRICT),
    HALF_CLOSE_IGNORED("27.1.1"),

    // Compression.
    UNKNOWN_PARAMETER_ACCEPTED("26.4.11"),
    WINDOW_NOT_CONFIRMED("26.6.2"),
    NO_TAKEOVER_NOT_CONFIRMED("26.5.5"),
    WINDOW_NOT_KEPT("26.6.2"),
    TAKEOVER_KEPT_AGAINST_AGREEMENT("26.5.5"),
    RSV1_ON_CONTINUATION_ACCEPTED("26.2.1"),
    BAD_DEFLATE_IGNORED("26.2.6"),
    FINAL_BLOCK_ENDS_STREAM("26.1.4"),

    // What only a client can do wrong.
    CLIENT_VERSION_12("21.1.1"),
    CLIENT_NONCE_OF_15_BYTES("21.1.1"),
    CLIENT_NONCE_ALWAYS_THE_SAME("21.1.*"),
    CLIENT_STATUS_UNCHECKED("21.3.1"),
    CLIENT_UPGRADE_UNCHECKED("21.4.1"),
    CLIENT_CONNECTION_UNCHECKED("21.4.3"),
    CLIENT_ACCEPT_UNCHECKED("21.4.7"),
    CLIENT_SUBPROTOCOL_UNCHECKED("21.4.9"),
    CLIENT_EXTENSION_UNCHECKED("21.4.10"),
    CLIENT_DEFLATE_ANSWER_UNCHECKED("21.5.2"),
    CLIENT_EARLY_FRAME_LOST("21.2.8"),
    CLIENT_DOES_NOT_MASK("1.1.2"),
    CLIENT_MASKS_WITH_ONE_KEY("25.2.5"),
    CLIENT_ACCEPTS_MASKED("25.2.1");

    private final String caseId;
    private final Verdict verdict;

    Fault(String caseId) {
        this(caseId, Verdict.FAIL);
    }

    Fault(String caseId, Verdict verdict) {
        this.caseId = caseId;
        this.verdict = verdict;
    }

    String caseId() {
        return caseId;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean clientsOnly() {
        return name().startsWith("CLIENT_");
    }

    /** Whether a client can commit it, too: what is not about opening handshakes, masking or negotiation. */
    boolean ofClients() {
        int group = this == NONE ? 0 : Integer.parseInt(caseId.substring(0, caseId.indexOf('.')));
        boolean serversOnly = group == 20 || group == 25 || group == 26 && caseId.compareTo("26.3") > 0 || group == 13;
        return clientsOnly() || this != NONE && this != SERVER_MASKS && this != MASK_OFFSET_LOST_IN_PARTS && this != TCP_LEFT_OPEN && this != TCP_RESET_AFTER_CLOSE && !serversOnly;
    }
}
