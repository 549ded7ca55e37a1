package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.frameTo;
import static dev.duplex.protocol.End.join;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that stream through without ever being held whole. */
class PartsTest {
    private static final DeflateParameters PARAMETERS = new DeflateParameters(false, false, 15, 15);

    @Rfc(section = "8.1", rule = "text that ends inside a character fails the connection")
    @ParameterizedTest
    @EnumSource(Role.class)
    void textThatEndsInsideACharacterFails(Role receiver) {
        byte[] cut = join(frameTo(receiver, 0x01, bytes("61 ed")), frameTo(receiver, 0x80, bytes("95")));
        assertThat(new End(receiver).receive(cut).protocol.closeReason().code()).isEqualTo(1007);
        End inParts = inParts(receiver, false).receive(cut);
        assertThat(inParts.protocol.closeReason().code()).isEqualTo(1007);
        assertThat(described(inParts.events)).containsExactly("61");
    }

    @Rfc(section = "8.1", rule = "text that ends inside a character fails the connection")
    @ParameterizedTest
    @EnumSource(Role.class)
    void aCharacterThatIsCutWaitsForItsEnd(Role receiver) {
        End end = inParts(receiver, false);
        end.receive(frameTo(receiver, 0x01, bytes("61 f0 9f")));
        assertThat(described(end.events)).containsExactly("61");
        end.receive(frameTo(receiver, 0x00, bytes("99"))); // still not whole: nothing to hand over
        assertThat(described(end.events)).containsExactly("61");
        end.receive(frameTo(receiver, 0x80, bytes("82 62")));
        assertThat(described(end.events)).containsExactly("61", "f09f998262 last");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void emptyFragmentsGiveNoPartButTheLastDoes(Role receiver) {
        End end = inParts(receiver, false);
        end.receive(join(frameTo(receiver, 0x02, bytes("")), frameTo(receiver, 0x00, bytes("01")), frameTo(receiver, 0x00, bytes("")),
                frameTo(receiver, 0x80, bytes(""))));
        assertThat(described(end.events)).containsExactly("01", " last");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachMessageEndsForItself(Role receiver) {
        End end = inParts(receiver, true);
        byte[] hello = bytes("f248cdc9c90700"); // RFC 7692 §7.2.3.1
        end.receive(join(frameTo(receiver, 0xC1, hello), frameTo(receiver, 0x82, bytes("0102")), frameTo(receiver, 0xC1, hello)));
        assertThat(described(end.events)).containsExactly("48656c6c6f", " last", "0102 last", "48656c6c6f", " last");
    }

    @Rfc(number = 7692, section = "7.2.2", rule = "what cannot be inflated fails the connection")
    @ParameterizedTest
    @EnumSource(Role.class)
    void whatCannotBeInflatedFailsAndWhateverFollowsIsDropped(Role receiver) {
        assertFailsForGood(receiver, frameTo(receiver, 0xC1, bytes("07")));
    }

    @Rfc(number = 7692, section = "6.2", rule = "text is judged after inflation")
    @ParameterizedTest
    @EnumSource(Role.class)
    void compressedTextThatIsNotUtf8FailsAndWhateverFollowsIsDropped(Role receiver) {
        assertFailsForGood(receiver, frameTo(receiver, 0xC1, bytes("00 0100 feff ff 00"))); // a stored block of the byte ff
    }

    private static void assertFailsForGood(Role receiver, byte[] frame) {
        End end = inParts(receiver, true).receive(frame);
        assertThat(end.events).isEmpty();
        assertThat(end.protocol.closeReason().code()).isEqualTo(1007);
        // Until the transport is gone, the peer's bytes still come.
        assertThat(end.protocol.needsInput()).isTrue();
        end.receive(frameTo(receiver, 0x81, utf8("late"))).transportEnds();
        assertThat(end.events).containsExactly(new Event.Closed(end.protocol.closeReason()));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void whileInflationGoesOnNoInputIsWanted(Role receiver) {
        End from = End.deflating(receiver == Role.SERVER ? Role.CLIENT : Role.SERVER, Limits.defaults(), PARAMETERS,
                DeflateOptions.defaults());
        from.protocol.send(Message.binary(new byte[100_000]));
        End end = inParts(receiver, true);
        end.protocol.receive(ByteBuffer.wrap(from.output()), 0);
        assertThat(((Part) end.protocol.next()).bytes()).hasSize(16 * 1024);
        assertThat(end.protocol.needsInput()).isFalse();
        assertThatThrownBy(() -> end.protocol.receive(ByteBuffer.allocate(1), 0)).isInstanceOf(IllegalStateException.class);
        assertThat(end.take().events.stream().mapToInt(part -> ((Part) part).bytes().length).sum()).isEqualTo(100_000 - 16 * 1024);
        assertThat(end.protocol.needsInput()).isTrue();
    }

    @Rfc(number = 7692, section = "6.1", rule = "of a message in fragments the first has RSV1")
    @ParameterizedTest
    @EnumSource(Role.class)
    void partsAreCompressedAsOneMessage(Role sender) {
        End from = End.deflating(sender, Limits.defaults(), PARAMETERS, DeflateOptions.defaults());
        from.protocol.send(Part.binary(new byte[500], false));
        from.protocol.send(Part.binary(new byte[0], false));
        from.protocol.send(Part.binary(new byte[] {1}, true));
        from.protocol.send(Part.text("next", true));
        byte[] wire = from.output();
        assertThat(wire[0]).isEqualTo((byte) 0x42);
        End to = End.deflating(sender == Role.SERVER ? Role.CLIENT : Role.SERVER, Limits.defaults(), PARAMETERS, DeflateOptions.defaults());
        byte[] whole = new byte[501];
        whole[500] = 1;
        assertThat(to.receive(wire).events).containsExactly(Message.binary(whole), Message.text("next"));
    }

    @Test
    void atTheEndOfAConnectionTheLastPartIsOwedNoMore() {
        End server = new End(Role.SERVER);
        server.protocol.send(Part.text("begun", false));
        server.receive(End.masked(0x88, bytes("03e8"))).output();
        assertThat(server.protocol.isSendingParts()).isFalse();
        assertThat(server.protocol.send(Part.text("last", true))).isFalse();
        assertThat(server.protocol.send(Message.text("another"))).isFalse();
        assertThat(server.protocol.send(PreparedMessage.of(Message.text("another")))).isFalse();
        assertThat(server.output()).isEmpty();
    }

    private static End inParts(Role receiver, boolean isDeflated) {
        End end = isDeflated ? End.deflating(receiver, Limits.defaults(), PARAMETERS, DeflateOptions.defaults()) : new End(receiver);
        end.protocol.receiveInParts();
        return end;
    }

    private static List<String> described(List<Event> events) {
        return events.stream().map(event -> (Part) event).map(part -> End.hex(part.bytes()) + (part.isLast() ? " last" : "")).toList();
    }
}
