package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.protocol.CloseReason;
import dev.duplex.signalling.Stage.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a seat is held: until a Close, or as long as someone may come back. */
class LeaseTest {
    private final Stage stage = new Stage();
    private final Peer ada = stage.join("tea", "Ada");

    private Peer bob() {
        Peer bob = stage.join("tea", "Bob");
        ada.rest();
        return bob;
    }

    @Test
    void aCloseEndsItAtOnce() {
        bob().close();
        assertThat(ada.rest()).containsExactly(Map.of("type", "left", "name", "Bob"));
        assertThat(stage.lobby().rooms()).containsExactly("tea");
        ada.close();
        assertThat(stage.lobby().rooms()).isEmpty();
    }

    @Test
    void leavingEndsItAtOnceAndClosesTheConnection() {
        Peer bob = bob().say("{\"type\":\"leave\"}");
        ada.hear("left");
        assertThat(bob.closedWith().code()).isEqualTo(CloseReason.NORMAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 700, 1499, 20_300})
    void whoseLineIsDeadIsGoneWithin33SecondsAndNotBefore30(int joinedBeforeMillis) {
        Peer bob = bob();
        stage.pass(Duration.ofMillis(joinedBeforeMillis));
        bob.vanish();
        stage.pass(Duration.ofSeconds(30));
        assertThat(ada.rest()).isEmpty();
        stage.pass(Duration.ofSeconds(3));
        ada.hear("left");
        assertThat(bob.closedWith()).isNotNull();
    }

    @Test
    void whoseConnectionBreaksIsAwayAtOnceAndGoneAfter30Seconds() {
        bob().lose();
        assertThat(ada.hear("away")).containsEntry("name", "Bob");
        stage.pass(Duration.ofMillis(29_500));
        assertThat(ada.rest()).isEmpty();
        stage.pass(Duration.ofMillis(500));
        ada.hear("left");
    }

    @Test
    void whatWasFoundDeadLateIsNotWaitedForAgain() {
        Peer bob = bob();
        bob.vanish();
        stage.pass(Duration.ofSeconds(25));
        bob.lose();
        ada.hear("away");
        stage.pass(Duration.ofSeconds(8));
        ada.hear("left");
    }

    @Test
    void whoLivesStays() {
        bob();
        stage.pass(Duration.ofMinutes(10));
        assertThat(ada.rest()).isEmpty();
    }

    @Test
    void aLostPeerResumesItsSeatAndFindsWhatWasSentMeanwhile() {
        Peer bob = bob();
        bob.lose();
        ada.hear("away");
        stage.pass(Duration.ofSeconds(29));
        ada.say("{\"type\":\"offer\",\"to\":\"Bob\",\"sdp\":\"x\"}").say("{\"type\":\"candidate\",\"to\":\"Bob\",\"candidate\":{\"candidate\":\"c\"}}");
        Peer again = stage.connect("tea").say("{\"type\":\"resume\",\"token\":\"" + bob.token() + "\"}");
        assertThat(again.rest()).extracting(m -> m.get("type")).containsExactly("resumed", "offer", "candidate");
        assertThat(ada.hear("back")).as("the same part as before").isEqualTo(Map.of("type", "back", "name", "Bob", "role", "impolite"));
        again.say("{\"type\":\"answer\",\"to\":\"Ada\",\"sdp\":\"y\"}");
        ada.hear("answer");
        stage.pass(Duration.ofMinutes(2));
        assertThat(ada.rest()).isEmpty();
    }

    @Test
    void aSeatCanBeResumedBeforeTheServerMissesItsPeer() {
        Peer bob = bob();
        bob.vanish();
        stage.pass(Duration.ofSeconds(5));
        Peer again = stage.connect("tea").say("{\"type\":\"resume\",\"token\":\"" + bob.token() + "\"}");
        assertThat(again.hear("resumed").get("peers")).isEqualTo(List.of(Map.of("name", "Ada", "role", "polite", "away", false)));
        assertThat(bob.closedWith().text()).isEqualTo("resumed on another connection");
        bob.lose();
        ada.hear("back");
        stage.pass(Duration.ofMinutes(1));
        assertThat(ada.rest()).as("the end of the old connection is nobody's end").isEmpty();
    }

    @Test
    void whoseSeatIsGoneMustJoinAnew() {
        Peer bob = bob();
        bob.lose();
        stage.pass(Duration.ofSeconds(31));
        Peer again = stage.connect("tea").say("{\"type\":\"resume\",\"token\":\"" + bob.token() + "\"}");
        assertThat(again.error()).isEqualTo("no-such-seat");
        again.say("{\"type\":\"join\",\"name\":\"Bob\"}").hear("joined");
    }

    @Test
    void aPageLoadedAnewTakesThePlaceOfItsFormerSelf() {
        Peer bob = bob();
        bob.lose();
        Peer anew = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"Bob\",\"token\":\"" + bob.token() + "\"}");
        anew.hear("joined");
        assertThat(ada.rest()).extracting(m -> m.get("type")).containsExactly("away", "left", "arrived");
    }

    @Test
    void whoDoesNotJoinIsShownOut() {
        Peer idle = stage.connect("tea");
        idle.say("{\"type\":\"ping\"}");
        stage.pass(Duration.ofSeconds(10));
        assertThat(idle.closedWith().code()).isEqualTo(CloseReason.POLICY_VIOLATION);
        idle.close();
        assertThat(stage.lobby().unseatedCount()).isZero();
    }

    /** Whatever happens, in whatever order, nobody is left behind once everyone has gone. */
    @Test
    void noMemberIsLeftBehind() {
        Random random = new Random(1);
        ada.close();
        for (int i = 0; i < 10_000; i++) {
            Peer peer = stage.connect("r" + random.nextInt(3));
            if (random.nextInt(5) > 0) {
                peer.say("{\"type\":\"join\",\"name\":\"n" + random.nextInt(4) + "\"}");
            }
            if (random.nextBoolean()) {
                peer.say("{\"type\":\"candidate\",\"to\":\"n9\",\"candidate\":null}");
            }
            if (random.nextBoolean()) {
                peer.close();
            } else {
                peer.lose();
            }
            if (i % 20 == 0) {
                stage.pass(Duration.ofSeconds(5));
            }
        }
        stage.pass(Duration.ofSeconds(33));
        assertThat(stage.lobby().rooms()).isEmpty();
        assertThat(stage.lobby().unseatedCount()).isZero();
    }
}
