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
 * @param sinceSent from the last byte that left, or the opening, to the end; at most a quarter of a second too long
 * @param received what came
 * @param sent what left for the operating system
 * @param roundTrip of the last Ping that was answered; if none was, TCP's own, where the system tells it
 * @param clues what else was seen that hints at the cause
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
        Optional<Duration> roundTrip,
        Clues clues) {

    /** The least silence that is taken for an idle timeout; where a proxy is known to be, one step is enough. */
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
        /** The peer took nothing of what waited for it, for as long as {@code writeDeadline}; over plain HTTP, of request after request. */
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

    /**
     * What was seen besides that hints at the cause.
     *
     * @param signal what ended the connection in the words of the layer below, such as {@code FIN}, {@code FIN, by TLS's close_notify}
     *     or {@code RST, by RST_STREAM CANCEL}; empty if nothing of the kind came or went
     * @param proxy the name of a header field that only proxies write, and that the peer's head had; empty if it had none
     * @param transport what the system knew of TCP at the end, where it tells
     */
    public record Clues(String signal, String proxy, Optional<TransportInfo> transport) {
        /** No clues at all. */
        public static final Clues NONE = new Clues("", "", Optional.empty());

        /** Requires everything. */
        public Clues {
            Objects.requireNonNull(signal, "signal");
            Objects.requireNonNull(proxy, "proxy");
            Objects.requireNonNull(transport, "transport");
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
        Objects.requireNonNull(clues, "clues");
    }

    /**
     * Whether a silence of such a length looks like an idle timeout: 20 s or more, and to within a second a multiple of 5 s.
     *
     * <p>Timeouts are set in round numbers, and accidents come at any time; one in five of those after a long silence falls in.
     */
    public static boolean looksLikeIdleTimeout(Duration silence) {
        return looksLikeIdleTimeout(silence, false);
    }

    /**
     * The same, where more may be known.
     *
     * @param knowsProxy whether there is a proxy for sure: then 5 s are enough
     */
    public static boolean looksLikeIdleTimeout(Duration silence, boolean knowsProxy) {
        long millis = silence.toMillis() + EARLY_MILLIS;
        return millis >= (knowsProxy ? IDLE_STEP_MILLIS : SHORTEST_IDLE_MILLIS) && millis % IDLE_STEP_MILLIS <= EARLY_MILLIS + LATE_MILLIS;
    }

    /** The time without any byte, in either direction, before the end. */
    public Duration silence() {
        return sinceReceived.compareTo(sinceSent) < 0 ? sinceReceived : sinceSent;
    }

    /** What happened, as a person says it. */
    public String sentence() {
        return switch (how) {
            case CLOSE_HANDSHAKE -> by == By.US ? "this end closed with " + words() + ", and the peer agreed" : "the peer closed with " + words();
            case FIN -> withoutClose("FIN", "the peer ended the connection (" + signal() + ")");
            case RST -> withoutClose("RST", "the connection was reset (" + signal() + ")");
            case NETWORK_FAILED -> "the system gave the connection up: the network, or the peer's machine, does not answer";
            case WRITE_STALLED -> "the peer took nothing of what waited for it, and this end gave it up";
            case IDLE -> "no request came for " + seconds(sinceReceived) + ", and this end gave the peer up";
            case MISSED_PONGS -> "nothing came for " + seconds(sinceReceived) + ", not even an answer to a Ping: this end gave the peer up"
                    + clues.transport.map(CloseReport::whoIsSilent).orElse("");
            case LIMIT -> "the peer went beyond a limit of this end: " + words();
            case RULE_BROKEN -> "the peer broke a rule: " + words();
            case CLOSE_UNANSWERED -> "this end closed, and the peer did not answer in time";
            case ABORTED -> "this end ended without waiting for the peer";
        };
    }

    private String signal() {
        return clues.signal.isEmpty() ? how.name() : clues.signal;
    }

    /** What is acknowledged has reached a machine; whether its program reads it is another question. */
    private static String whoIsSilent(TransportInfo transport) {
        return transport.unacknowledged() > 0 ? "; what was sent is not acknowledged, so the network, or the machine, is gone"
                : "; what was sent is acknowledged, so a machine is there, and its program hangs or stands behind a proxy that has lost it";
    }

    private String withoutClose(String what, String who) {
        if (reason.initiator() == CloseReason.Initiator.LOCAL) {
            return "this end closed, and " + who.replace("the peer ended", "the peer then ended") + " instead of an answer";
        }
        return by == By.PROXY
                ? "no data for " + seconds(silence()) + ", then " + what + " without Close: an idle timeout of a proxy looks like this"
                        + (clues.proxy.isEmpty() ? "" : ", and there is one, as " + clues.proxy + " tells")
                : who + " without Close, " + seconds(silence()) + " after the last data";
    }

    /** What this end refused in HTTP/2 has no code of a WebSocket's. */
    private String words() {
        return reason.code() == CloseReason.ABNORMAL && !clues.signal.isEmpty() ? clues.signal
                : reason.code() + " (" + reason.meaning() + ")" + (reason.text().isEmpty() ? "" : " \"" + reason.text() + "\"");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    /** The sentence and the numbers, in one line. */
    @Override
    public String toString() {
        return sentence() + "; open for " + seconds(lasted) + "; received " + received + ", the last " + seconds(sinceReceived)
                + " before; sent " + sent + ", the last " + seconds(sinceSent) + " before" + trip();
    }

    private String trip() {
        boolean isOfTcp = roundTrip.equals(clues.transport.map(TransportInfo::roundTrip));
        String whose = isOfTcp ? "; TCP's " : "; ";
        String trip = roundTrip.map(time -> whose + String.format(Locale.ROOT, "round trip %.1f ms", time.toNanos() / 1e6)).orElse("");
        long again = clues.transport.map(TransportInfo::retransmissions).orElse(0L);
        return trip + (again == 0 ? "" : "; TCP sent " + again + (again == 1 ? " segment" : " segments") + " again");
    }
}
