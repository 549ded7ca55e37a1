package dev.duplex.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Why a connection ended: who closed, with which code, and whether cleanly (RFC 6455 §7.1.5–7.1.6).
 *
 * @param code the close code; {@link #NO_CODE} if the Close frame had none, {@link #ABNORMAL} if no Close frame came
 * @param text the reason that the Close frame carried, or our own sentence about the failure; may be empty
 * @param initiator who began the end
 * @param isClean whether both Close frames were exchanged
 */
public record CloseReason(int code, String text, Initiator initiator, boolean isClean) {

    /** Who began the end of a connection. */
    public enum Initiator {
        /** This end closed, or failed the connection because the peer broke a rule. */
        LOCAL,
        /** The peer sent the first Close frame. */
        PEER,
        /** Neither: the transport ended without a Close frame. */
        TRANSPORT
    }

    /** 1000: the purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;
    /** 1001: a server goes down, or a page is left. */
    public static final int GOING_AWAY = 1001;
    /** 1002: the peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** 1003: this kind of data is not accepted. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** 1005: the Close frame carried no code; never on the wire. */
    public static final int NO_CODE = 1005;
    /** 1006: the connection ended without a Close frame; never on the wire. */
    public static final int ABNORMAL = 1006;
    /** 1007: the payload does not fit its type, as bytes that are not UTF-8 in a text. */
    public static final int INVALID_PAYLOAD = 1007;
    /** 1008: a policy, such as a rate, was broken. */
    public static final int POLICY_VIOLATION = 1008;
    /** 1009: the message is larger than the receiver accepts. */
    public static final int MESSAGE_TOO_BIG = 1009;
    /** 1011: the server met an unexpected condition. */
    public static final int INTERNAL_ERROR = 1011;
    /** 1012: the service restarts. */
    public static final int SERVICE_RESTART = 1012;
    /** 1013: overloaded, or the consumer is too slow; come back later. */
    public static final int TRY_AGAIN_LATER = 1013;

    /** The longest reason in UTF-8 bytes: a control frame's 125 less the code's 2 (RFC 6455 §5.5). */
    public static final int MAX_TEXT_BYTES = 123;

    /** Requires text and initiator. */
    public CloseReason {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(initiator, "initiator");
    }

    /**
     * A reason to close with, as an application gives it.
     *
     * @param code 1000–1003, 1007–1014 or 3000–4999
     * @param text at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code may not be sent or the text is too long
     */
    public static CloseReason of(int code, String text) {
        if (!isSendable(code)) {
            throw new IllegalArgumentException(
                    "close code " + code + " may not be sent; use 1000-1003, 1007-1014 or 3000-4999 (RFC 6455 §7.4)");
        }
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a close reason has at most " + MAX_TEXT_BYTES + " bytes, this one has " + length + " (RFC 6455 §5.5)");
        }
        return new CloseReason(code, text, Initiator.LOCAL, false);
    }

    /** Whether a code may stand in a Close frame (RFC 6455 §7.4 and the IANA registry up to 1014). */
    public static boolean isSendable(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }

    /** The code in words, as a person reads it. */
    public String meaning() {
        return switch (code) {
            case 1000 -> "normal closure";
            case 1001 -> "going away";
            case 1002 -> "protocol error";
            case 1003 -> "unsupported data";
            case 1005 -> "no code given";
            case 1006 -> "connection lost without a Close frame";
            case 1007 -> "invalid payload";
            case 1008 -> "policy violation";
            case 1009 -> "message too big";
            case 1010 -> "extension missing";
            case 1011 -> "internal error";
            case 1012 -> "service restart";
            case 1013 -> "try again later";
            case 1014 -> "bad gateway";
            default -> code >= 4000 ? "application code" : code >= 3000 ? "registered code" : "unknown code";
        };
    }

    @Override
    public String toString() {
        String who = switch (initiator) {
            case LOCAL -> "closed by this end";
            case PEER -> "closed by the peer";
            case TRANSPORT -> "transport ended";
        };
        return code + " " + meaning() + (text.isEmpty() ? "" : " \"" + text + "\"") + ", " + who + (isClean ? ", clean" : ", not clean");
    }
}
