package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.signalling.Stage.Peer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong gets an error message, and costs nobody else anything. */
class BadSignalTest {
    private final Stage stage = new Stage();
    private final Peer ada = stage.join("tea", "Ada");
    private final Peer mal = stage.join("tea", "Mal");

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "17", "\"join\"", "[]", "[{}]", "{", "{}{}", "{} x", "{\"type\":\"ping\"", "{'type':'ping'}", "{\"type\":NaN}",
            "{\"type\":\"ping\",\"type\":\"leave\"}", "{\"type\":\"ping\",}", "\u0000", "{\"a\":01}"})
    void whatIsNoJsonObjectIsAnError(String text) {
        assertThat(mal.say(text).error()).isEqualTo("bad-json");
    }

    @Test
    void binaryMessagesAreAnError() {
        assertThat(mal.say(Message.binary((byte) '{', (byte) '}')).error()).isEqualTo("bad-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":\"bogus\"}", "{\"type\":\"JOIN\"}", "{\"type\":7}", "{\"type\":null}", "{\"type\":[\"join\"]}",
            "{\"type\":\"arrived\",\"name\":\"x\"}", "{\"__proto__\":{}}"})
    void anUnknownTypeIsAnError(String text) {
        assertThat(mal.say(text).error()).isEqualTo("unknown-type");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '#', value = {
        "{\"type\":\"join\"}", "{\"type\":\"join\",\"name\":7}", "{\"type\":\"join\",\"name\":{}}", "{\"type\":\"join\",\"name\":\"x\",\"token\":1}",
        "{\"type\":\"resume\"}", "{\"type\":\"offer\",\"to\":\"Ada\"}", "{\"type\":\"offer\",\"sdp\":\"x\"}", "{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":{}}",
        "{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"\\ud800\"}", "{\"type\":\"candidate\",\"to\":\"Ada\"}", "{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":\"x\"}",
        "{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":{}}", "{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":{\"candidate\":\"c\",\"sdpMLineIndex\":-1}}",
        "{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":{\"candidate\":\"c\",\"sdpMid\":{}}}"})
    void aFieldThatIsMissingOrOfAnotherTypeIsAnError(String text) {
        assertThat(mal.say(text).error()).isEqualTo("bad-field");
        assertThat(ada.rest()).extracting(m -> m.get("type")).containsOnly("arrived");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 1000, 30_000})
    void whatIsNestedTooDeepIsAnError(int depth) {
        assertThat(mal.say("{\"type\":\"ping\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}").error()).isEqualTo("bad-json");
        assertThat(mal.say("{\"x\":".repeat(Math.min(depth, 10_000))).error()).isEqualTo("bad-json");
    }

    @Test
    void moreFieldsThanAnyMessageHasAreAnError() {
        assertThat(mal.say("{\"type\":\"ping\",\"x\":[" + "0,".repeat(30_000) + "0]}").error()).isEqualTo("bad-json");
    }

    @Test
    void anOversizedSdpOrCandidateIsAnErrorAndGoesNowhere() {
        ada.rest();
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"" + "x".repeat(64 * 1024) + "\"}");
        assertThat(mal.error()).isEqualTo("too-large");
        mal.say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":{\"candidate\":\"" + "x".repeat(2049) + "\"}}");
        assertThat(mal.error()).isEqualTo("too-large");
        assertThat(ada.rest()).isEmpty();
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"" + "x".repeat(60 * 1024) + "\"}");
        assertThat((String) ada.hear("offer").get("sdp")).hasSize(60 * 1024);
    }

    @Test
    void whoIsTooFastIsTold() {
        ada.rest();
        for (int i = 0; i < 210; i++) {
            mal.say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":null}");
        }
        assertThat(ada.rest()).hasSize(199); // one message was its joining
        assertThat(mal.rest()).hasSize(11).allMatch(message -> message.get("code").equals("too-fast"));
        stage.pass(Duration.ofSeconds(1));
        mal.say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":null}");
        ada.hear("candidate");
    }

    @Test
    void aNewConnectionBringsASeatNoNewBurst() {
        ada.rest();
        for (int i = 0; i < 199; i++) {
            mal.say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":null}");
        }
        mal.lose();
        Peer again = stage.connect("tea").say("{\"type\":\"resume\",\"token\":\"" + mal.token() + "\"}");
        again.hear("resumed");
        again.say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":null}").say("{\"type\":\"candidate\",\"to\":\"Ada\",\"candidate\":null}");
        assertThat(again.error()).isEqualTo("too-fast");
    }

    @Test
    void aRoomHasARateOfItsOwn() {
        Stage strict = new Stage(RoomLimits.defaults().withRoomRate(4, 1));
        Peer one = strict.join("tea", "A");
        Peer two = strict.join("tea", "B");
        one.rest();
        for (int i = 0; i < 5; i++) {
            two.say("{\"type\":\"candidate\",\"to\":\"A\",\"candidate\":null}");
        }
        assertThat(one.rest()).hasSize(4);
        assertThat(two.error()).isEqualTo("too-fast");
    }

    @Test
    void whoComesAndGoesWearsOutTheDoorAndNobodyInside() {
        ada.rest();
        String refused = "";
        for (int i = 0; i < 200 && refused.isEmpty(); i++) {
            Peer restless = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"R\"}");
            refused = restless.rest().getFirst().get("type").equals("error") ? "after " + i : "";
            restless.close();
        }
        assertThat(refused).isEqualTo("after 39"); // Mal came through the same door
        ada.rest();
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        ada.hear("offer");
        mal.lose();
        stage.connect("tea").say("{\"type\":\"resume\",\"token\":\"" + mal.token() + "\"}").hear("resumed");
        stage.pass(Duration.ofSeconds(1));
        stage.join("tea", "R");
        stage.join("other", "D");
    }

    @Test
    void whoStandsOutsideAFullRoomCostsItNothing() {
        stage.join("tea", "C");
        stage.join("tea", "D");
        for (int i = 0; i < 1000; i++) {
            assertThat(stage.connect("tea").say("{\"type\":\"join\",\"name\":\"E\"}").error()).isEqualTo("room-full");
        }
        ada.rest();
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        ada.hear("offer");
    }

    @Test
    void whoGoesOnBeingWrongIsShutOut() {
        ada.rest();
        for (int i = 0; i < 100; i++) {
            mal.say("nonsense");
        }
        assertThat(mal.rest()).hasSize(50);
        assertThat(mal.closedWith().code()).isEqualTo(CloseReason.POLICY_VIOLATION);
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        assertThat(ada.rest()).isEmpty();
        mal.lose();
        ada.hear("left");
    }

    @Test
    void whatWaitsIsBounded() {
        ada.rest();
        for (int i = 0; i < 70; i++) {
            mal.say("{\"type\":\"candidate\",\"to\":\"nobody\",\"candidate\":null}");
        }
        assertThat(mal.rest()).hasSize(6).allMatch(message -> message.get("code").equals("kept-enough"));
        ada.lose();
        mal.hear("away");
        for (int i = 0; i < 5; i++) {
            mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"" + "x".repeat(60_000) + "\"}");
        }
        assertThat(mal.error()).isEqualTo("kept-enough");
        assertThat(mal.rest()).isEmpty();
    }

    /** Bytes at random, and messages with pieces at random: an error or nothing, never an exception. */
    @Test
    void nothingThatIsSaidEndsTheRoom() {
        Random random = new Random(7);
        String[] pieces = {"{", "}", "[", "]", "\"type\"", ":", ",", "\"offer\"", "\"to\"", "\"Ada\"", "\"sdp\"", "null", "1e9", "\"candidate\"", "\\", "\""};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(random.nextInt(9) == 0 ? String.valueOf((char) random.nextInt(0x10000)) : pieces[random.nextInt(pieces.length)]);
            }
            stage.connect("tea").say(text.toString()).close();
        }
        ada.rest();
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        assertThat(ada.rest()).containsExactly(Map.of("type", "offer", "from", "Mal", "sdp", "x"));
    }
}
