package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.frameTo;
import static dev.duplex.protocol.End.join;
import static dev.duplex.protocol.End.masked;
import static dev.duplex.protocol.End.unmasked;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.CloseReason.Initiator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketProtocolTest {

    @Rfc(section = "5.7", rule = "the examples are read as the text says")
    @Test
    void theRfcsExamplesAreRead() {
        // §5.7
        assertThat(new End(Role.CLIENT).receive("8105 48656c6c6f").events).containsExactly(Message.text("Hello"));
        assertThat(new End(Role.SERVER).receive("8185 37fa213d 7f9f4d5158").events).containsExactly(Message.text("Hello"));
        assertThat(new End(Role.CLIENT).receive("0103 48656c 8002 6c6f").events).containsExactly(Message.text("Hello"));
        End server = new End(Role.SERVER).receive("8985 37fa213d 7f9f4d5158");
        assertThat(server.outputHex()).isEqualTo("8a0548656c6c6f");
    }

    @Rfc(section = "5.5.3", rule = "of Pings that are not answered yet the latest alone may be")
    @Test
    void whileTheOutputTakesNoPongTheLatestPingAloneIsAnswered() {
        End server = new End(Role.SERVER);
        server.takesPong = false;
        server.receive(join(masked(0x89, utf8("a")), masked(0x89, utf8("b")), masked(0x89, utf8("c"))));
        assertThat(server.events).hasSize(3);
        assertThat(server.output()).isEmpty();
        server.protocol.answerPing();
        assertThat(server.output()).isEmpty();
        server.takesPong = true;
        server.protocol.answerPing();
        assertThat(server.output()).isEqualTo(unmasked(0x8A, utf8("c")));
        server.protocol.answerPing();
        assertThat(server.output()).isEmpty();
    }

    @Rfc(section = "5.4", rule = "control frames may stand between fragments")
    @Rfc(section = "5.5.2", rule = "a Ping is answered by a Pong with the same payload")
    @Test
    void aPingBetweenFragmentsIsAnsweredAtOnce() {
        End server = new End(Role.SERVER).receive(join(masked(0x01, utf8("frag")), masked(0x89, utf8("p"))));
        assertThat(server.outputHex()).isEqualTo("8a0170");
        assertThat(server.receive(masked(0x80, utf8("ment"))).events).last().isEqualTo(Message.text("fragment"));
    }

    @Rfc(section = "8.1", rule = "text that is not UTF-8 fails the connection, as soon as it is certain")
    @Test
    void impossibleUtf8FailsInsideAFrameThatHasNotArrived() {
        // a text frame of 21 bytes of which the first 12 are there; f4 90 can begin no character
        byte[] frame = masked(0x01, bytes("cebae1bdb9cf83cebcceb5f4908080656469746564"));
        End server = new End(Role.SERVER).receive(java.util.Arrays.copyOf(frame, 6 + 12));
        assertThat(server.protocol.state()).isEqualTo(State.OPEN);
        server.receive(new byte[] {frame[18]});
        assertThat(server.closeCodeWritten()).isEqualTo(1007);
    }

    @Rfc(section = "5.5.1", rule = "a Close is answered by a Close")
    @Rfc(section = "7.1.1", rule = "the server ends the transport first")
    @ParameterizedTest
    @EnumSource(Role.class)
    void closeIsEchoedAndTheServerEndsTheTransportFirst(Role role) {
        End end = new End(role).receive(frameTo(role, 0x88, bytes("03e8 627965")));
        assertThat(end.protocol.state()).isEqualTo(State.ENDING);
        assertThat(end.protocol.closeReason()).isEqualTo(new CloseReason(1000, "bye", Initiator.PEER, true));
        assertThat(end.protocol.endsTransport()).isEqualTo(role == Role.SERVER);
        assertThat(end.output()[0]).isEqualTo((byte) 0x88);
        assertThat(end.transportEnds().events).containsExactly(new Event.Closed(new CloseReason(1000, "bye", Initiator.PEER, true)));
    }

    @Rfc(section = "7.1.5", rule = "a Close without a code is 1005")
    @Test
    void anEmptyCloseIsAnsweredByAnEmptyOne() {
        End server = new End(Role.SERVER).receive(masked(0x88, bytes("")));
        assertThat(server.outputHex()).isEqualTo("8800");
        assertThat(server.protocol.closeReason()).isEqualTo(new CloseReason(1005, "", Initiator.PEER, true));
    }

    @Rfc(section = "5.5.1", rule = "no data frame follows our Close")
    @Rfc(section = "7.1.4", rule = "the end is clean when both Close frames passed")
    @ParameterizedTest
    @EnumSource(Role.class)
    void ourCloseEndsCleanlyWhenThePeerAnswers(Role role) {
        End end = new End(role);
        end.protocol.close(CloseReason.of(4000, "done"));
        assertThat(end.protocol.state()).isEqualTo(State.CLOSE_SENT);
        assertThat(end.protocol.send(Message.text("too late"))).isFalse();
        end.receive(join(frameTo(role, 0x81, utf8("on its way")), frameTo(role, 0x88, bytes("0fa0"))));
        assertThat(end.events).containsExactly(Message.text("on its way"));
        assertThat(end.protocol.closeReason()).isEqualTo(new CloseReason(4000, "", Initiator.LOCAL, true));
    }

    @Rfc(section = "5.5.1", rule = "both may close at once")
    @Test
    void bothClosingAtOnceIsCleanAndNoSecondCloseIsSent() {
        End server = new End(Role.SERVER);
        server.protocol.close(CloseReason.of(1001, ""));
        assertThat(server.outputHex()).isEqualTo("880203e9");
        server.receive(masked(0x88, bytes("03e8")));
        assertThat(server.output()).isEmpty();
        assertThat(server.protocol.closeReason().isClean()).isTrue();
    }

    @Rfc(section = "1.4", rule = "data after a Close is discarded")
    @Test
    void nothingAfterCloseCounts() {
        End server = new End(Role.SERVER).receive(join(masked(0x88, bytes("03e8")), masked(0x89, utf8("ping")), masked(0x81, utf8("late")),
                bytes("ff ff ff ff")));
        assertThat(server.outputHex()).isEqualTo("880203e8");
        server.receive(masked(0x81, utf8("later"))).transportEnds();
        assertThat(server.events).containsExactly(new Event.Closed(new CloseReason(1000, "", Initiator.PEER, true)));
    }

    @Rfc(section = "7.1.5", rule = "an end without Close is 1006")
    @Test
    void transportEndWithoutCloseIs1006OnceAndLast() {
        End server = new End(Role.SERVER).receive(masked(0x01, utf8("half"))).transportEnds().transportEnds();
        assertThat(server.events).containsExactly(new Event.Closed(new CloseReason(1006, "", Initiator.TRANSPORT, false)));
        assertThat(server.protocol.state()).isEqualTo(State.CLOSED);
        assertThat(server.protocol.send(Message.text("x"))).isFalse();
    }

    @Test
    void transportEndAfterOurCloseIs1006ByThisEnd() {
        End client = new End(Role.CLIENT);
        client.protocol.close();
        client.transportEnds();
        assertThat(client.events).containsExactly(new Event.Closed(new CloseReason(1006, "", Initiator.LOCAL, false)));
    }

    @Rfc(section = "7.1.7", rule = "to fail the connection sends at most one Close")
    @Test
    void aViolationAfterOurCloseSendsNoSecondClose() {
        End server = new End(Role.SERVER);
        server.protocol.close(CloseReason.of(1000, ""));
        server.output();
        server.receive("83 80 00000000");
        assertThat(server.output()).isEmpty();
        assertThat(server.protocol.endsTransport()).isTrue();
    }

    @Test
    void messagesThatArrivedBeforeTheEndAreStillHandedOver() {
        End server = new End(Role.SERVER);
        server.protocol.receive(ByteBuffer.wrap(join(masked(0x81, utf8("a")), masked(0x88, bytes("03e8")))), 0);
        server.transportEnds();
        assertThat(server.events).containsExactly(Message.text("a"), new Event.Closed(new CloseReason(1000, "", Initiator.PEER, true)));
    }

    @Test
    void messagesBeforeABadFrameAreHandedOver() {
        End server = new End(Role.SERVER).receive(join(masked(0x81, utf8("good")), masked(0xa1, utf8("bad")), masked(0x89, utf8(""))));
        assertThat(server.events).containsExactly(Message.text("good"));
        assertThat(server.closeCodeWritten()).isEqualTo(1002);
    }

    @Test
    void aCarrierThatPausesLosesNothing() {
        End server = new End(Role.SERVER);
        server.protocol.receive(ByteBuffer.wrap(join(masked(0x81, utf8("1")), masked(0x81, utf8("2")))), 0);
        assertThat(server.protocol.next()).isEqualTo(Message.text("1"));
        assertThat(server.protocol.needsInput()).isFalse();
        assertThatThrownBy(() -> server.protocol.receive(ByteBuffer.allocate(1), 0)).isInstanceOf(IllegalStateException.class);
        assertThat(server.protocol.next()).isEqualTo(Message.text("2"));
        assertThat(server.protocol.next()).isNull();
        assertThat(server.protocol.needsInput()).isTrue();
    }

    @Rfc(section = "5.4", rule = "a message goes out in fragments, control frames between")
    @ParameterizedTest
    @EnumSource(Role.class)
    void partsGoOutAsFragmentsWithControlFramesBetween(Role role) {
        End from = new End(role);
        from.protocol.send(Part.text("Hel", false));
        assertThat(from.protocol.isSendingParts()).isTrue();
        from.protocol.ping(utf8("?"));
        assertThatThrownBy(() -> from.protocol.send(Message.text("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> from.protocol.send(Part.binary(new byte[1], true))).isInstanceOf(IllegalStateException.class);
        from.protocol.send(Part.text("lo", true));
        assertThat(from.protocol.isSendingParts()).isFalse();
        byte[] wire = from.output();
        if (role == Role.SERVER) {
            assertThat(End.hex(wire)).isEqualTo("010348656c" + "89013f" + "80026c6f");
        }
        End to = new End(role == Role.SERVER ? Role.CLIENT : Role.SERVER).receive(wire);
        assertThat(to.events).last().isEqualTo(Message.text("Hello"));
    }

    @Rfc(section = "5.4", rule = "a message need not be held whole")
    @Test
    void aMessageLargerThanTheLimitStreamsThroughInParts() {
        Limits small = Limits.defaults().withMaxMessageBytes(1000);
        End server = new End(Role.SERVER, small, null);
        server.protocol.receiveInParts();
        server.receiveCut(masked(0x82, new byte[100_000]), 4096);
        long total = 0;
        for (Event event : server.events) {
            Part part = (Part) event;
            assertThat(part.bytes().length).isLessThanOrEqualTo(16 * 1024);
            total += part.bytes().length;
        }
        assertThat(total).isEqualTo(100_000);
        assertThat(((Part) server.events.getLast()).isLast()).isTrue();
    }

    @Test
    void compressedTextComesInPartsOnCharacterBorders() {
        String korean = "한국어 🙂 ".repeat(20_000);
        DeflateParameters parameters = new DeflateParameters(true, true, 15, 15);
        End client = End.deflating(Role.CLIENT, Limits.defaults(), parameters, DeflateOptions.defaults());
        client.protocol.send(Message.text(korean));
        End server = End.deflating(Role.SERVER, Limits.defaults().withMaxMessageBytes(1), parameters, DeflateOptions.defaults());
        server.protocol.receiveInParts();
        server.receiveCut(client.output(), 7);
        StringBuilder text = new StringBuilder();
        List<Event> parts = new ArrayList<>(server.events);
        parts.forEach(part -> text.append(((Part) part).text()));
        assertThat(text.toString()).isEqualTo(korean);
    }

    @Rfc(section = "10.4", rule = "the limit on size holds after inflation")
    @Test
    void theInflatedSizeIsWhatTheLimitCounts() {
        DeflateParameters parameters = new DeflateParameters(true, true, 15, 15);
        int max = 100_000;
        for (int size : new int[] {max - 1, max, max + 1}) {
            End client = End.deflating(Role.CLIENT, Limits.defaults(), parameters, DeflateOptions.defaults());
            client.protocol.send(Message.binary(new byte[size]));
            End server = End.deflating(Role.SERVER, Limits.defaults().withMaxMessageBytes(max), parameters, DeflateOptions.defaults());
            server.receive(client.output());
            assertThat(server.closeCodeWritten()).isEqualTo(size > max ? 1009 : -1);
        }
    }

    @Test
    void fragmentsAreAllowedByTheBytesThatCame() {
        // 4 MiB in fragments of 64 bytes: 65,536 of them
        End server = new End(Role.SERVER, Limits.defaults().withMaxMessageBytes(4 << 20), null);
        byte[] first = masked(0x02, new byte[64]);
        byte[] more = masked(0x00, new byte[64]);
        server.receive(first);
        for (int i = 1; i < 65_535; i++) {
            server.receive(more);
        }
        server.receive(masked(0x80, new byte[64]));
        assertThat(((Message) server.events.getFirst()).byteLength()).isEqualTo(4 << 20);
    }

    @Test
    void roomIsMadeForWhatCameAndNotForWhatWasAnnounced() {
        Limits large = Limits.defaults().withMaxMessageBytes(Limits.LARGEST_MESSAGE_BYTES);
        List<End> ends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) { // each announces nearly 2 GiB
            ends.add(new End(Role.SERVER, large, null).receive("82 ff 000000007fffff00 00000000 010203"));
        }
        assertThat(ends).allMatch(end -> end.protocol.state() == State.OPEN);
    }

    @Test
    void theDeadlineIsExtendedByBytesAndByPauses() {
        End server = new End(Role.SERVER).receive(java.util.Arrays.copyOf(masked(0x82, new byte[200_000]), 10));
        long deadline = server.protocol.deadlineNanos();
        server.protocol.extendDeadline(5);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(deadline + 5);
        server.receive(new byte[60 * 1024]);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(server.now + 5 + 60_000_000_000L); // 60 KiB earn 60 s
        server.receive(new byte[200_000 - 60 * 1024 + 4]);
        assertThat(server.protocol.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void controlFramesComeBackWithTime() {
        End server = new End(Role.SERVER);
        for (int second = 0; second < 60; second++) {
            server.now += 1_000_000_000L;
            server.receive(bytes("8a 80 00000000".repeat(20)));
        }
        assertThat(server.protocol.state()).isEqualTo(State.OPEN);
        assertThat(server.receive(bytes("8a 80 00000000".repeat(101))).closeCodeWritten()).isEqualTo(1008);
    }

    @Test
    void theTapSeesEachFrame() {
        List<String> seen = new ArrayList<>();
        End server = new End(Role.SERVER);
        server.protocol.tap((direction, opcode, isFinal, isCompressed, isMasked, payloadBytes) ->
                seen.add(direction + " " + opcode + " " + isFinal + " " + isMasked + " " + payloadBytes));
        server.receive(join(masked(0x01, utf8("ab")), masked(0x89, utf8("p")), masked(0x80, utf8(""))));
        server.protocol.send(PreparedMessage.of(Message.text("abc")));
        assertThat(seen).containsExactly("IN 1 false true 2", "IN 9 true true 1", "OUT 10 true false 1", "IN 0 true true 0",
                "OUT 1 true false 3");
    }

    @Rfc(section = "7.4", rule = "only codes that may be sent are sent")
    @Test
    void whatTheCallerDoesWrongThrows() {
        End server = new End(Role.SERVER);
        assertThatThrownBy(() -> server.protocol.ping(new byte[126])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CloseReason.of(1005, "")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1005");
        assertThatThrownBy(() -> CloseReason.of(1000, "x".repeat(124))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Text.ofUtf8(bytes("ff"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.output()).isEmpty();
    }

    /** The length is judged after the first two bytes, and must not make them right. */
    @Test
    void aFrameOfAKindThatThereIsNotIsRefusedWhateverItsLength() {
        End server = new End(Role.SERVER).receive("83 fe 0080 00000000");
        assertThat(server.protocol.state()).isEqualTo(State.ENDING);
        assertThat(server.closeCodeWritten()).isEqualTo(1002);
    }
}
