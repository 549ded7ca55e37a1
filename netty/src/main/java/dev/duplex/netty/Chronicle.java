package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.CloseReport.Traffic;
import dev.duplex.protocol.CloseReason;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What one connection remembers for its {@link CloseReport}: plain counters, used on the loop alone. */
final class Chronicle {
    private final long openedNanos;
    private long receivedNanos;
    private long sentNanos;
    private long receivedBytes;
    private long sentBytes;
    private long receivedMessages;
    private long sentMessages;
    private How how;

    Chronicle(long nowNanos) {
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

    void messageReceived() {
        receivedMessages++;
    }

    void messageSent() {
        sentMessages++;
    }

    /** The end begins like this; the first to say so is right. */
    void ends(How like) {
        if (how == null) {
            how = like;
        }
    }

    /** The channel has failed. */
    void failed(Throwable cause) {
        ends(howFailed(cause));
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

    CloseReport report(CloseReason reason, Duration roundTrip, long nowNanos) {
        How its = how(reason);
        Duration sinceReceived = Duration.ofNanos(nowNanos - receivedNanos);
        Duration sinceSent = Duration.ofNanos(nowNanos - sentNanos);
        Duration silence = sinceReceived.compareTo(sinceSent) < 0 ? sinceReceived : sinceSent;
        return new CloseReport(reason, by(its, reason, silence), its, Duration.ofNanos(nowNanos - openedNanos), sinceReceived, sinceSent,
                new Traffic(receivedMessages, receivedBytes), new Traffic(sentMessages, Math.max(0, sentBytes)), Optional.ofNullable(roundTrip));
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

    private static By by(How how, CloseReason reason, Duration silence) {
        return switch (how) {
            case CLOSE_HANDSHAKE -> reason.initiator() == CloseReason.Initiator.LOCAL ? By.US : By.PEER;
            case FIN, RST -> reason.initiator() == CloseReason.Initiator.LOCAL ? By.US
                    : CloseReport.looksLikeIdleTimeout(silence) ? By.PROXY : By.PEER;
            case NETWORK_FAILED -> By.KERNEL;
            default -> By.US;
        };
    }
}
