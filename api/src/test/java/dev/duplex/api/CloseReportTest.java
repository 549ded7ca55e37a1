package dev.duplex.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.CloseReport.By;
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

    private static CloseReport report(By by, How how, CloseReason reason, long receivedMillis, long sentMillis) {
        return new CloseReport(reason, by, how, Duration.ofSeconds(90), Duration.ofMillis(receivedMillis), Duration.ofMillis(sentMillis),
                new Traffic(1, 20), new Traffic(2, 1), Optional.of(Duration.ofNanos(1_250_000)));
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

    @ParameterizedTest
    @CsvSource({"0, false", "5000, false", "19800, false", "20000, true", "29900, true", "30000, true", "31000, true", "31100, false",
        "33000, false", "60000, true", "59800, false", "60900, true", "350100, true", "3600500, true", "58000, false"})
    void aRoundAndLongSilenceLooksLikeAnIdleTimeout(long millis, boolean looksSo) {
        assertThat(CloseReport.looksLikeIdleTimeout(Duration.ofMillis(millis))).isEqualTo(looksSo);
    }
}
