package dev.duplex.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.CloseReport.By;
import dev.duplex.api.CloseReport.Clues;
import dev.duplex.api.CloseReport.How;
import dev.duplex.api.CloseReport.Traffic;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.CloseReason.Initiator;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseReportTest {

    private static final CloseReason LOST = new CloseReason(CloseReason.ABNORMAL, "", Initiator.TRANSPORT, false);
    private static final Duration TRIP = Duration.ofNanos(1_250_000);

    private static CloseReport report(By by, How how, CloseReason reason, long receivedMillis, long sentMillis) {
        return report(by, how, reason, receivedMillis, sentMillis, Clues.NONE);
    }

    private static CloseReport report(By by, How how, CloseReason reason, long receivedMillis, long sentMillis, Clues clues) {
        return new CloseReport(reason, by, how, Duration.ofSeconds(90), Duration.ofMillis(receivedMillis), Duration.ofMillis(sentMillis),
                new Traffic(1, 20), new Traffic(2, 1), Optional.of(TRIP), clues);
    }

    private static Clues tcp(long retransmissions, long unacknowledged) {
        return new Clues("", "", Optional.of(new TransportInfo(TRIP, Duration.ZERO, retransmissions, unacknowledged)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            US     | CLOSE_HANDSHAKE  | LOCAL     | 1000 |      | this end closed with 1000 (normal closure), and the peer agreed
            PEER   | CLOSE_HANDSHAKE  | PEER      | 1001 | bye  | the peer closed with 1001 (going away) "bye"
            PEER   | FIN              | TRANSPORT | 1006 |      | the peer ended the connection (FIN) without Close, 60.0 s after the last data
            PROXY  | FIN              | TRANSPORT | 1006 |      | no data for 60.0 s, then FIN without Close: an idle timeout of a proxy looks like this
            US     | FIN              | LOCAL     | 1006 |      | this end closed, and the peer then ended the connection (FIN) instead of an answer
            PEER   | RST              | TRANSPORT | 1006 |      | the connection was reset (RST) without Close, 60.0 s after the last data
            PROXY  | RST              | TRANSPORT | 1006 |      | no data for 60.0 s, then RST without Close: an idle timeout of a proxy looks like this
            US     | RST              | LOCAL     | 1006 |      | this end closed, and the connection was reset (RST) instead of an answer
            KERNEL | NETWORK_FAILED   | TRANSPORT | 1006 |      | the system gave the connection up: the network, or the peer's machine, does not answer
            US     | WRITE_STALLED    | TRANSPORT | 1006 |      | the peer took nothing of what waited for it, and this end gave it up
            US     | IDLE             | TRANSPORT | 1006 |      | no request came for 61.0 s, and this end gave the peer up
            US     | MISSED_PONGS     | TRANSPORT | 1006 |      | nothing came for 61.0 s, not even an answer to a Ping: this end gave the peer up
            US     | LIMIT            | LOCAL     | 1009 | long | the peer went beyond a limit of this end: 1009 (message too big) "long"
            US     | RULE_BROKEN      | LOCAL     | 1002 | bits | the peer broke a rule: 1002 (protocol error) "bits"
            US     | CLOSE_UNANSWERED | LOCAL     | 1006 |      | this end closed, and the peer did not answer in time
            US     | ABORTED          | TRANSPORT | 1006 |      | this end ended without waiting for the peer
            """)
    void eachEndHasASentence(By by, How how, Initiator initiator, int code, String text, String sentence) {
        CloseReason reason = new CloseReason(code, text == null ? "" : text, initiator, how == How.CLOSE_HANDSHAKE);
        assertThat(report(by, how, reason, 61_000, 60_000).sentence()).isEqualTo(sentence);
    }

    @Test
    void theLineHasTheNumbersToo() {
        CloseReason reason = new CloseReason(1000, "", Initiator.PEER, true);
        assertThat(report(By.PEER, How.CLOSE_HANDSHAKE, reason, 200, 60_000)).hasToString("the peer closed with 1000 (normal closure); open for "
                + "90.0 s; received 1 message (20 bytes), the last 0.2 s before; sent 2 messages (1 byte), the last 60.0 s before; "
                + "round trip 1.3 ms");
    }

    @Test
    void whoseRoundTripItIsAndWhatWasSentAgainIsSaid() {
        assertThat(report(By.PEER, How.FIN, LOST, 200, 200, tcp(0, 0)).toString()).endsWith(" before; TCP's round trip 1.3 ms");
        assertThat(report(By.PEER, How.FIN, LOST, 200, 200, tcp(1, 0)).toString()).endsWith("; TCP's round trip 1.3 ms; TCP sent 1 segment again");
        assertThat(report(By.PEER, How.FIN, LOST, 200, 200, tcp(2, 0)).toString()).endsWith("; TCP sent 2 segments again");
    }

    @Test
    void whoIsSilentIsToldByWhatTcpKnows() {
        assertThat(report(By.US, How.MISSED_PONGS, LOST, 33_000, 8_000, tcp(5, 2)).sentence()).isEqualTo("nothing came for 33.0 s, not even an answer to "
                + "a Ping: this end gave the peer up; what was sent is not acknowledged, so the network, or the machine, is gone");
        assertThat(report(By.US, How.MISSED_PONGS, LOST, 33_000, 8_000, tcp(0, 0)).sentence()).endsWith(
                "; what was sent is acknowledged, so a machine is there, and its program hangs or stands behind a proxy that has lost it");
    }

    @Test
    void theSignalBelowIsNamed() {
        Clues reset = new Clues("RST, by RST_STREAM CANCEL", "", Optional.empty());
        assertThat(report(By.PEER, How.RST, LOST, 200, 200, reset).sentence())
                .isEqualTo("the connection was reset (RST, by RST_STREAM CANCEL) without Close, 0.2 s after the last data");
        Clues calmed = new Clues("GOAWAY ENHANCE_YOUR_CALM", "", Optional.empty());
        assertThat(report(By.US, How.LIMIT, LOST, 200, 200, calmed).sentence()).isEqualTo("the peer went beyond a limit of this end: GOAWAY ENHANCE_YOUR_CALM");
    }

    @Test
    void aProxyThatIsKnownIsNamedByWhatToldOfIt() {
        assertThat(report(By.PROXY, How.FIN, LOST, 10_000, 10_000, new Clues("FIN", "Via", Optional.empty())).sentence()).isEqualTo("no data for 10.0 s, "
                + "then FIN without Close: an idle timeout of a proxy looks like this, and there is one, as Via tells");
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofSeconds(10), true)).isTrue();
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofSeconds(10), false)).isFalse();
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofSeconds(12), true)).isFalse();
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofSeconds(1), true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "5000, false", "19800, false", "20000, true", "29900, true", "30000, true", "31000, true", "31100, false",
        "33000, false", "60000, true", "59800, false", "60900, true", "350100, true", "3600500, true", "58000, false"})
    void aRoundAndLongSilenceLooksLikeAnIdleTimeout(long millis, boolean looksSo) {
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofMillis(millis))).isEqualTo(looksSo);
    }
}
