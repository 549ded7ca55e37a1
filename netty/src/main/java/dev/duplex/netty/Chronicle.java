package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.Clues;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.CloseReport.Traffic;
import dev.duplex.api.TransportInfo;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Headers;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What one connection remembers for its {@link CloseReport}: plain counters, used on the loop alone. */
final class Chronicle {
    /** What proxies add to a head, and hardly anyone else does (RFC 9110 §7.6.3, RFC 7239). */
    private static final List<String> OF_PROXIES = List.of("Via", "Forwarded", "X-Forwarded-For");

    private final long openedNanos;
    private long receivedNanos;
    private long sentNanos;
    private long receivedBytes;
    private long sentBytes;
    private long receivedMessages;
    private long sentMessages;
    private final Wire wire;
    private How how;
    private String signal = "";
    private TransportInfo transport;

    Chronicle(Wire wire, long nowNanos) {
        this.wire = wire;
        openedNanos = nowNanos;
        receivedNanos = nowNanos;
        sentNanos = nowNanos;
    }

    /** Bytes came. */
    void received(int bytes, long nowNanos) {
        receivedBytes += bytes;
        receivedNanos = nowNanos;
    }

    /** Bytes have left. */
    void sent(long bytes, long nowNanos) {
        sentBytes += bytes;
        sentNanos = nowNanos;
    }

    /** The opening's own bytes, which will leave before all others, are none of the connection's. */
    void omit(int headBytes) {
        sentBytes -= headBytes;
    }

    /** All that has left, but for the opening's own bytes. */
    long sentBytes() {
        return sentBytes;
    }

    void messageReceived() {
        receivedMessages++;
    }

    void messageSent() {
        sentMessages++;
    }

    /** The end begins like this; the first to say so is right. */
    void ends(How like) {
        ends(like, "");
    }

    /** The same. @param its what came, or went, in the words of the layer below; may be empty */
    void ends(How like, String its) {
        if (how == null) {
            how = like;
            signal = its;
            if (transport == null || like != How.FIN) {
                closing(); // a FIN behind the closing handshake has nothing new to tell
            }
        }
    }

    /** The end is near: what the system knows is asked now, while there is a socket to ask about. */
    void closing() {
        transport = wire.transportInfo().orElse(transport);
    }

    /** The peer sends nothing more. */
    void inputEnded(String its) {
        ends(How.FIN, its);
    }

    /** The wire has failed. */
    void failed(Throwable cause) {
        How its = howFailed(cause);
        ends(its, its == How.RST ? "RST" : "");
    }

    static How howFailed(Throwable cause) {
        return cause instanceof IOException failure && isOfNetwork(failure) ? How.NETWORK_FAILED : How.RST;
    }

    /** The system tells it only in words, of its C library's. */
    private static boolean isOfNetwork(IOException failure) {
        String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof NoRouteToHostException || words.contains("timed out") || words.contains("unreachable")
                || words.contains("no route");
    }

    /** @param pinged the round trip of the last Ping answered; null if there was none */
    CloseReport report(CloseReason reason, Headers head, Duration pinged, long nowNanos) {
        How its = how(reason);
        Optional<TransportInfo> tcp = Optional.ofNullable(transport);
        Clues clues = new Clues(its == how ? signal : "", OF_PROXIES.stream().filter(head::contains).findFirst().orElse(""), tcp);
        Duration sinceReceived = Duration.ofNanos(nowNanos - receivedNanos);
        Duration sinceSent = Duration.ofNanos(nowNanos - sentNanos);
        Duration silence = sinceReceived.compareTo(sinceSent) < 0 ? sinceReceived : sinceSent;
        return new CloseReport(reason, by(its, reason, CloseReport.looksLikeIdleTimeout(silence, !clues.proxy().isEmpty())), its,
                Duration.ofNanos(nowNanos - openedNanos), sinceReceived, sinceSent,
                new Traffic(receivedMessages, receivedBytes), new Traffic(sentMessages, Math.max(0, sentBytes)),
                Optional.ofNullable(pinged).or(() -> tcp.map(TransportInfo::roundTrip)), clues);
    }

    private How how(CloseReason reason) {
        if (reason.isClean()) {
            return How.CLOSE_HANDSHAKE;
        }
        if (reason.initiator() == CloseReason.Initiator.LOCAL && reason.code() != CloseReason.ABNORMAL) {
            return switch (reason.code()) {
                case CloseReason.POLICY_VIOLATION, CloseReason.MESSAGE_TOO_BIG, CloseReason.TRY_AGAIN_LATER -> How.LIMIT;
                default -> How.RULE_BROKEN;
            };
        }
        return how != null ? how : How.RST;
    }

    private static By by(How how, CloseReason reason, boolean isLikeAProxy) {
        return switch (how) {
            case CLOSE_HANDSHAKE -> reason.initiator() == CloseReason.Initiator.LOCAL ? By.US : By.PEER;
            case FIN, RST -> reason.initiator() == CloseReason.Initiator.LOCAL ? By.US
                    : isLikeAProxy ? By.PROXY : By.PEER;
            case NETWORK_FAILED -> By.KERNEL;
            default -> By.US;
        };
    }
}
