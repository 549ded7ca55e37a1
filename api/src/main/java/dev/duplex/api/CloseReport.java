package dev.duplex.api;

import dev.duplex.protocol.CloseReason;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * All that one end knows of how a connection ended, and a sentence that says it.
 *
 * @param reason the code, the text, and who closed in the protocol's terms
 * @param by who ended it, as far as this end can tell
 * @param how by what it ended
 * @param lasted from the opening to the end
 * @param sinceReceived from the last byte received, or the opening, to the end
 * @param sinceSent from the last byte that left, or the opening, to the end
 * @param received what came
 * @param sent what left for the operating system
 * @param roundTrip of the last Ping that was answered
 */
public record CloseReport(
        CloseReason reason,
        By by,
        How how,
        Duration lasted,
        Duration sinceReceived,
        Duration sinceSent,
        Traffic received,
        Traffic sent,
        Optional<Duration> roundTrip) {

    /** The least silence that is taken for an idle timeout. */
    private static final long SHORTEST_IDLE_MILLIS = 20_000;
    /** Idle timeouts are set in whole numbers of these. */
    private static final long IDLE_STEP_MILLIS = 5_000;
    private static final long EARLY_MILLIS = 100;
    private static final long LATE_MILLIS = 1_000;

    /** Who ended a connection. */
    public enum By {
        /** This end. */
        US,
        /** The other end. */
        PEER,
        /** Something between the two, by the look of it: a guess. */
        PROXY,
        /** The operating system, which gave up. */
        KERNEL
    }

    /** By what a connection ended. */
    public enum How {
        /** Both Close frames were exchanged. */
        CLOSE_HANDSHAKE,
        /** The peer's end of the stream came without a Close frame. */
        FIN,
        /** The stream was reset: RST of TCP, RST_STREAM of HTTP/2. */
        RST,
        /** The network failed: no route, or no acknowledgement until the system gave up. */
        NETWORK_FAILED,
        /** The peer took nothing of what waited for it, for as long as {@code writeDeadline}. */
        WRITE_STALLED,
        /** No request came for too long, where plain HTTP carries the connection. */
        IDLE,
        /** The peer sent nothing, not even a Pong, for as long as {@code pings} allows. */
        MISSED_PONGS,
        /** The peer went beyond a limit: 1008, 1009 or 1013. */
        LIMIT,
        /** The peer broke a rule of the protocol. */
        RULE_BROKEN,
        /** The peer did not answer Close within {@code closeWait}. */
        CLOSE_UNANSWERED,
        /** This end did not wait for a closing handshake. */
        ABORTED
    }

    /**
     * What passed in one direction.
     *
     * @param messages whole ones; compressed or not
     * @param bytes on the wire after the opening, within TLS: frames with their headers
     */
    public record Traffic(long messages, long bytes) {
        @Override
        public String toString() {
            return messages + (messages == 1 ? " message (" : " messages (") + bytes + (bytes == 1 ? " byte)" : " bytes)");
        }
    }

    /** Requires everything. */
    public CloseReport {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(how, "how");
        Objects.requireNonNull(lasted, "lasted");
        Objects.requireNonNull(sinceReceived, "sinceReceived");
        Objects.requireNonNull(sinceSent, "sinceSent");
        Objects.requireNonNull(received, "received");
        Objects.requireNonNull(sent, "sent");
        Objects.requireNonNull(roundTrip, "roundTrip");
    }

    /**
     * Whether a silence of such a length looks like an idle timeout: 20 s or more, and to within a second a multiple of 5 s.
     *
     * <p>Timeouts are set in round numbers, and accidents come at any time; one in five of those after a long silence falls in.
     */
    public static boolean looksLikeIdleTimeout(Duration silence) {
        long millis = silence.toMillis() + EARLY_MILLIS;
        return millis >= SHORTEST_IDLE_MILLIS && millis % IDLE_STEP_MILLIS <= EARLY_MILLIS + LATE_MILLIS;
    }

    /** The time without any byte, in either direction, before the end. */
    public Duration silence() {
        return sinceReceived.compareTo(sinceSent) < 0 ? sinceReceived : sinceSent;
    }

    /** What happened, as a person says it. */
    public String sentence() {
        return switch (how) {
            case CLOSE_HANDSHAKE -> by == By.US ? "this end closed with " + words() + ", and the peer agreed" : "the peer closed with " + words();
            case FIN -> withoutClose("FIN", "the peer ended the connection (FIN)");
            case RST -> withoutClose("RST", "the connection was reset (RST)");
            case NETWORK_FAILED -> "the system gave the connection up: the network, or the peer's machine, does not answer";
            case WRITE_STALLED -> "the peer took nothing of what waited for it, and this end gave it up";
            case IDLE -> "no request came for " + seconds(sinceReceived) + ", and this end gave the peer up";
            case MISSED_PONGS -> "nothing came for " + seconds(sinceReceived) + ", not even an answer to a Ping: this end gave the peer up";
            case LIMIT -> "the peer went beyond a limit of this end: " + words();
            case RULE_BROKEN -> "the peer broke a rule: " + words();
            case CLOSE_UNANSWERED -> "this end closed, and the peer did not answer in time";
            case ABORTED -> "this end ended without waiting for the peer";
        };
    }

    private String withoutClose(String what, String who) {
        if (reason.initiator() == CloseReason.Initiator.LOCAL) {
            return "this end closed, and " + who.replace("the peer ended", "the peer then ended") + " instead of an answer";
        }
        return by == By.PROXY
                ? "no data for " + seconds(silence()) + ", then " + what + " without Close: an idle timeout of a proxy looks like this"
                : who + " without Close, " + seconds(silence()) + " after the last data";
    }

    private String words() {
        return reason.code() + " (" + reason.meaning() + ")" + (reason.text().isEmpty() ? "" : " \"" + reason.text() + "\"");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    /** The sentence and the numbers, in one line. */
    @Override
    public String toString() {
        String trip = roundTrip.map(time -> String.format(Locale.ROOT, "; round trip %.1f ms", time.toNanos() / 1e6)).orElse("");
        return sentence() + "; open for " + seconds(lasted) + "; received " + received + ", the last " + seconds(sinceReceived)
                + " before; sent " + sent + ", the last " + seconds(sinceSent) + " before" + trip;
    }
}
