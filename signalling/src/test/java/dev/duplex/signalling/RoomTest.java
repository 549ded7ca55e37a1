package dev.duplex.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.signalling.Stage.Peer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is in a room, and who hears what. */
class RoomTest {
    private final Stage stage = new Stage();

    @Test
    void whoComesLaterIsPoliteAndTheOtherImpolite() {
        Peer ada = stage.join("tea", "Ada");
        Peer bob = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"Bob\"}");
        assertThat(ada.hear("arrived")).isEqualTo(Map.of("type", "arrived", "name", "Bob", "role", "impolite"));
        assertThat(bob.hear("joined")).containsEntry("name", "Bob").containsEntry("iceServers", List.of())
                .containsEntry("peers", List.of(Map.of("name", "Ada", "role", "polite", "away", false)));
    }

    @Test
    void everyPairHasOneOfEachRole() {
        Peer ada = stage.join("tea", "Ada");
        Peer bob = stage.join("tea", "Bob");
        ada.close();
        Peer ada2 = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"Ada\"}");
        assertThat(bob.rest()).extracting(m -> m.get("type") + " " + m.get("role")).containsExactly("left null", "arrived impolite");
        assertThat(ada2.hear("joined").get("peers")).isEqualTo(List.of(Map.of("name", "Bob", "role", "polite", "away", false)));
    }

    @Test
    void offersAnswersAndCandidatesReachTheirPeerAloneAndInOrder() {
        Peer ada = stage.join("tea", "Ada");
        Peer bob = stage.join("tea", "Bob");
        Peer cyd = stage.join("tea", "Cyd");
        ada.rest();
        bob.rest();
        ada.say("{\"type\":\"offer\",\"to\":\"Bob\",\"sdp\":\"v=0\\r\\n\"}");
        for (int i = 0; i < 20; i++) {
            ada.say("{\"type\":\"candidate\",\"to\":\"Bob\",\"candidate\":{\"candidate\":\"c" + i + "\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"evil\":1}}");
        }
        ada.say("{\"type\":\"candidate\",\"to\":\"Bob\",\"candidate\":null}");
        assertThat(bob.hear("offer")).isEqualTo(Map.of("type", "offer", "from", "Ada", "sdp", "v=0\r\n"));
        for (int i = 0; i < 20; i++) {
            assertThat(bob.hear("candidate"))
                    .isEqualTo(Map.of("type", "candidate", "from", "Ada", "candidate", Map.of("candidate", "c" + i, "sdpMid", "0", "sdpMLineIndex", 0)));
        }
        assertThat(bob.hear("candidate")).containsEntry("candidate", null);
        bob.say("{\"type\":\"answer\",\"to\":\"Ada\",\"sdp\":\"v=1\"}");
        assertThat(ada.hear("answer")).isEqualTo(Map.of("type", "answer", "from", "Bob", "sdp", "v=1"));
        assertThat(cyd.rest()).as("not for her").isEmpty();
        assertThat(ada.rest()).isEmpty();
        assertThat(bob.rest()).isEmpty();
    }

    @Test
    void onlyMembersSpeakAndOnlyMembersHear() {
        Peer ada = stage.join("tea", "Ada");
        Peer eve = stage.connect("tea");
        Peer mal = stage.join("elsewhere", "Mal");
        eve.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        assertThat(eve.error()).isEqualTo("not-joined");
        mal.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        assertThat(mal.error()).isEqualTo("no-such-peer");
        mal.say("{\"type\":\"offer\",\"room\":\"tea\",\"to\":\"Ada\",\"sdp\":\"x\"}");
        assertThat(mal.error()).isEqualTo("foreign-room");
        mal.say("{\"type\":\"resume\",\"token\":\"" + ada.token() + "\"}");
        assertThat(mal.error()).isEqualTo("already-joined");
        assertThat(ada.rest()).isEmpty();
        stage.join("tea", "Bob");
        assertThat(eve.rest()).isEmpty();
        assertThat(mal.rest()).isEmpty();
    }

    @Test
    void aTokenOpensNoSeatInAnotherRoom() {
        Peer ada = stage.join("tea", "Ada");
        ada.lose();
        Peer eve = stage.connect("elsewhere").say("{\"type\":\"resume\",\"token\":\"" + ada.token() + "\"}");
        assertThat(eve.error()).isEqualTo("no-such-seat");
    }

    @Test
    void candidatesWaitForAPeerWhoJoinsLate() {
        Peer ada = stage.join("tea", "Ada");
        ada.say("{\"type\":\"candidate\",\"to\":\"Bob\",\"candidate\":{\"candidate\":\"c1\"}}");
        ada.say("{\"type\":\"candidate\",\"to\":\"Cyd\",\"candidate\":{\"candidate\":\"c2\"}}");
        ada.say("{\"type\":\"candidate\",\"to\":\"Bob\",\"candidate\":{\"candidate\":\"c3\"}}");
        Peer bob = stage.join("tea", "Bob");
        assertThat(bob.rest()).extracting(m -> m.get("candidate")).containsExactly(Map.of("candidate", "c1"), Map.of("candidate", "c3"));
        bob.close();
        assertThat(stage.join("tea", "Bob").rest()).as("delivered once").isEmpty();
        ada.close();
        assertThat(stage.join("tea", "Cyd").rest()).as("what a peer left behind goes with it").isEmpty();
    }

    @Test
    void anOfferForNobodyIsAnError() {
        Peer ada = stage.join("tea", "Ada").say("{\"type\":\"offer\",\"to\":\"Bob\",\"sdp\":\"x\"}");
        assertThat(ada.hear("error")).containsEntry("code", "no-such-peer").containsEntry("about", "offer");
        assertThat(ada.say("{\"type\":\"offer\",\"to\":\"Ada\",\"sdp\":\"x\"}").error()).as("to herself").isEqualTo("no-such-peer");
    }

    @Test
    void aRoomHasSoManySeatsAndNoTwoOfOneName() {
        for (String name : List.of("A", "B", "C", "D")) {
            stage.join("tea", name);
        }
        Peer fifth = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"E\"}");
        assertThat(fifth.error()).isEqualTo("room-full");
        assertThat(fifth.say("{\"type\":\"join\",\"name\":\"A\"}").error()).isEqualTo("name-taken");
        Peer elsewhere = stage.join("coffee", "A");
        assertThat(elsewhere.say("{\"type\":\"join\",\"name\":\"B\"}").error()).isEqualTo("already-joined");
    }

    @Test
    void thereAreSoManyRoomsAndAnEmptyOneIsGone() {
        Stage small = new Stage(RoomLimits.defaults().withMaxRooms(2));
        Peer one = small.join("one", "A");
        small.join("two", "A");
        Peer third = small.connect("three").say("{\"type\":\"join\",\"name\":\"A\"}");
        assertThat(third.error()).isEqualTo("no-more-rooms");
        one.close();
        third.say("{\"type\":\"join\",\"name\":\"A\"}").hear("joined");
        assertThat(small.lobby().rooms()).containsExactlyInAnyOrder("two", "three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\\u0000b", "a\\nb", "\\u202Eada", "\\ud800", "\\ue000", "12345678901234567890123456789012x"})
    void aNameIsWhatAPersonCanRead(String name) {
        Peer peer = stage.connect("tea").say("{\"type\":\"join\",\"name\":\"" + name + "\"}");
        assertThat(peer.error()).isIn("bad-name", "bad-field");
    }

    @Test
    void namesThatLookTheSameAreTheSame() {
        assertThat(stage.connect("tea").say("{\"type\":\"join\",\"name\":\" \\u00e9 \"}").hear("joined")).containsEntry("name", "é");
        assertThat(stage.connect("tea").say("{\"type\":\"join\",\"name\":\"e\\u0301\"}").error()).isEqualTo("name-taken");
        stage.connect("tea").say("{\"type\":\"join\",\"name\":\"👩‍🚀 김\"}").hear("joined");
    }

    @Test
    void tokensHave128RandomBits() {
        assertThat(stage.join("tea", "Ada").token()).matches("[0-9a-f]{32}").isNotEqualTo(stage.join("tea", "Bob").token());
    }

    @Test
    void aPingIsAnsweredBeforeAndAfterJoining() {
        stage.connect("tea").say("{\"type\":\"ping\"}").hear("pong");
        stage.join("tea", "Ada").say("{\"type\":\"ping\"}").hear("pong");
    }
}
