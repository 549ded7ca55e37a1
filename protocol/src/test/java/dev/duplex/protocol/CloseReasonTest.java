package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.CloseReason.Initiator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseReasonTest {

    @Rfc(section = "7.4", rule = "1000-1003, 1007-1014 and 3000-4999 may be sent, no other code")
    @Test
    void exactlyTheCodesThatMayStandInACloseFrameCanBeSent() {
        for (int code = -1; code <= 70_000; code++) {
            boolean isSendable = 1000 <= code && code < 1004 || 1007 <= code && code < 1015 || 3000 <= code && code < 5000;
            assertThat(CloseReason.isSendable(code)).as("%d", code).isEqualTo(isSendable);
        }
    }

    @Rfc(section = "7.4", rule = "only codes that may be sent are sent")
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_536 + 1000})
    void anotherCodeIsRefusedByItsNumber(int code) {
        assertThatThrownBy(() -> CloseReason.of(code, "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("close code " + code + " may not be sent");
    }

    @Rfc(section = "5.5", rule = "a close reason has at most 123 bytes")
    @Test
    void theTextHasAtMost123BytesOfUtf8() {
        assertThat(CloseReason.of(1000, "x".repeat(123)).text()).hasSize(123);
        assertThat(CloseReason.of(1000, "한".repeat(41)).text()).hasSize(41); // three bytes each
        assertThatThrownBy(() -> CloseReason.of(1000, "한".repeat(41) + "x")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this one has 124");
    }

    @Test
    void aReasonToCloseWithIsOurOwnAndNotYetClean() {
        assertThat(CloseReason.of(4000, "done")).isEqualTo(new CloseReason(4000, "done", Initiator.LOCAL, false));
    }

    @Test
    void textAndInitiatorAreRequired() {
        assertThatThrownBy(() -> new CloseReason(1000, null, Initiator.PEER, true)).isInstanceOf(NullPointerException.class)
                .hasMessage("text");
        assertThatThrownBy(() -> new CloseReason(1000, "", null, true)).isInstanceOf(NullPointerException.class)
                .hasMessage("initiator");
    }

    @ParameterizedTest
    @CsvSource({"1000, normal closure", "1001, going away", "1002, protocol error", "1003, unsupported data",
        "1005, no code given", "1006, connection lost without a Close frame", "1007, invalid payload",
        "1008, policy violation", "1009, message too big", "1010, extension missing", "1011, internal error",
        "1012, service restart", "1013, try again later", "1014, bad gateway",
        "1004, unknown code", "1015, unknown code", "2999, unknown code", "3000, registered code", "3999, registered code",
        "4000, application code", "4999, application code"})
    void everyCodeHasItsMeaningInWords(int code, String meaning) {
        assertThat(new CloseReason(code, "", Initiator.PEER, true).meaning()).isEqualTo(meaning);
    }

    @Test
    void noTwoRegisteredCodesMeanTheSame() {
        Set<String> meanings = new HashSet<>();
        for (int code = 1000; code <= 1014; code++) {
            meanings.add(new CloseReason(code, "", Initiator.PEER, true).meaning());
        }
        assertThat(meanings).hasSize(15); // 1004 is reserved and unknown
    }

    @Test
    void aPersonReadsCodeMeaningTextAndWho() {
        assertThat(new CloseReason(1000, "bye", Initiator.PEER, true))
                .hasToString("1000 normal closure \"bye\", closed by the peer, clean");
        assertThat(new CloseReason(1002, "", Initiator.LOCAL, false))
                .hasToString("1002 protocol error, closed by this end, not clean");
        assertThat(new CloseReason(1006, "", Initiator.TRANSPORT, false))
                .hasToString("1006 connection lost without a Close frame, transport ended, not clean");
    }
}
