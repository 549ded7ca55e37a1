package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.frameTo;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be sent, and when no more. */
class SendingTest {

    @Rfc(section = "5.5.1", rule = "nothing follows our Close")
    @ParameterizedTest
    @EnumSource(Role.class)
    void nothingIsSentAfterOurClose(Role role) {
        End end = new End(role);
        end.protocol.close();
        end.output();
        assertNothingIsSent(end);
        end.receive(frameTo(role, 0x89, utf8("ping")));
        assertThat(end.output()).isEmpty();
        assertThat(end.protocol.state()).isEqualTo(State.CLOSE_SENT);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void nothingIsSentOnceTheTransportHasEnded(Role role) {
        End end = new End(role);
        end.protocol.transportEnded();
        assertThat(end.protocol.state()).isEqualTo(State.OPEN); // its last events are still to be taken
        assertNothingIsSent(end);
        assertThat(end.protocol.state()).isEqualTo(State.OPEN);
    }

    private static void assertNothingIsSent(End end) {
        assertThat(end.protocol.send(Message.text("x"))).isFalse();
        assertThat(end.protocol.send(PreparedMessage.of(Message.text("x")))).isFalse();
        assertThat(end.protocol.send(Part.text("x", false))).isFalse();
        assertThat(end.protocol.isSendingParts()).isFalse();
        assertThat(end.protocol.ping(utf8("x"))).isFalse();
        assertThat(end.protocol.pong(utf8("x"))).isFalse();
        end.protocol.close();
        end.protocol.close(CloseReason.of(1000, ""));
        assertThat(end.output()).isEmpty();
    }

    @Rfc(section = "5.5.2", rule = "Ping and Pong are sent with up to 125 bytes")
    @ParameterizedTest
    @EnumSource(Role.class)
    void pingAndPongCarryUpTo125Bytes(Role role) {
        End end = new End(role);
        assertThat(end.protocol.ping(new byte[125])).isTrue();
        assertThat(end.protocol.pong(utf8("?"))).isTrue();
        End peer = new End(role == Role.SERVER ? Role.CLIENT : Role.SERVER).receive(end.output());
        assertThat(((Event.Ping) peer.events.get(0)).payload()).hasSize(125);
        assertThat(((Event.Pong) peer.events.get(1)).payload()).isEqualTo(utf8("?"));
        assertThatThrownBy(() -> end.protocol.pong(new byte[126])).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 126");
    }

    @Test
    void anOutputThatSaysNothingOfPongsTakesThemAll() {
        ByteBuffer written = ByteBuffer.allocate(100);
        WebSocketProtocol server = new WebSocketProtocol(Role.SERVER, Limits.defaults(), null, bytes -> written);
        server.receive(ByteBuffer.wrap(End.join(End.masked(0x89, utf8("a")), End.masked(0x89, utf8("b")))), 0);
        assertThat(server.next()).isInstanceOf(Event.Ping.class);
        assertThat(server.next()).isInstanceOf(Event.Ping.class);
        assertThat(End.hex(java.util.Arrays.copyOf(written.array(), written.position()))).isEqualTo("8a0161" + "8a0162");
    }

    @Test
    void anOutputThatSaysNothingOfSharedFramesIsWrittenThem() {
        ByteBuffer written = ByteBuffer.allocate(100);
        WebSocketProtocol server = new WebSocketProtocol(Role.SERVER, Limits.defaults(), null, bytes -> written);
        server.send(PreparedMessage.of(Message.text("Hello")));
        assertThat(End.hex(java.util.Arrays.copyOf(written.array(), written.position()))).isEqualTo("810548656c6c6f");
    }

    @Rfc(section = "7.1.1", rule = "the server ends the transport first, unless the connection failed")
    @Test
    void aClientThatFailsTheConnectionEndsTheTransportItself() {
        End client = new End(Role.CLIENT);
        assertThat(client.protocol.endsTransport()).isFalse();
        client.receive("83 00");
        assertThat(client.protocol.endsTransport()).isTrue();
        client.transportEnds();
        assertThat(client.protocol.endsTransport()).isFalse();
    }

    @Test
    void aCarrierMayTakeAFrameThatIsTheSameForMany() {
        PreparedMessage once = PreparedMessage.of(Message.text("Hello"));
        End one = new End(Role.SERVER);
        End other = new End(Role.SERVER);
        one.taken = new ArrayList<>();
        other.taken = new ArrayList<>();
        assertThat(one.protocol.send(once) && other.protocol.send(once)).isTrue();
        assertThat(HexFormat.of().formatHex(one.taken.getFirst())).isEqualTo("810548656c6c6f");
        assertThat(other.taken.getFirst()).isSameAs(one.taken.getFirst());
        assertThat(one.output()).isEmpty();
        one.protocol.send(Message.text("Hello"));
        assertThat(one.taken).hasSize(1);
        assertThat(HexFormat.of().formatHex(one.output())).isEqualTo("810548656c6c6f");
    }

    @Test
    void theTapSeesWhatIsCompressedAndBothDirectionsOfAClient() {
        List<String> seen = new ArrayList<>();
        WireTap tap = (direction, opcode, isFinal, isCompressed, isMasked, payloadBytes) ->
                seen.add(direction + " " + opcode + " " + isFinal + " " + isCompressed + " " + isMasked + " " + payloadBytes);
        DeflateParameters parameters = new DeflateParameters(true, true, 15, 15);
        DeflateOptions always = DeflateOptions.defaults().withThresholdBytes(0);
        End server = End.deflating(Role.SERVER, Limits.defaults(), parameters, always);
        server.protocol.tap(tap);
        server.protocol.send(PreparedMessage.of(Message.text("Hello")));
        server.protocol.send(Message.text("Hello"));
        End client = End.deflating(Role.CLIENT, Limits.defaults(), parameters, always);
        client.protocol.tap(tap);
        client.receive(server.output());
        client.protocol.send(Message.text("Hello").uncompressed());
        tap.ended("a tap need not hear of the end");
        client.protocol.tap(null);
        client.protocol.ping(utf8("unseen"));
        assertThat(seen).containsExactly("OUT 1 true true false 7", "OUT 1 true true false 7", "IN 1 true true false 7",
                "IN 1 true true false 7", "OUT 1 true false true 5");
    }

    @Test
    void theTapSeesThatAPreparedMessageIsNotCompressed() {
        List<Boolean> seen = new ArrayList<>();
        End server = new End(Role.SERVER);
        server.protocol.tap((direction, opcode, isFinal, isCompressed, isMasked, payloadBytes) -> seen.add(isCompressed));
        server.protocol.send(PreparedMessage.of(Message.text("Hello")));
        assertThat(seen).containsExactly(false);
    }

    /** The header counts too: a carrier may have buffers of that size and no larger ones. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void noRoomIsAskedForThatIsLargerThanTheLargest(Role role) {
        List<Integer> rooms = new ArrayList<>();
        WebSocketProtocol protocol = new WebSocketProtocol(role, Limits.defaults(), null, bytes -> {
            rooms.add(bytes);
            return ByteBuffer.allocate(bytes);
        });
        protocol.send(Message.binary(new byte[2 * FrameWriter.MAX_ROOM_BYTES]));
        assertThat(rooms).hasSize(3).startsWith(FrameWriter.MAX_ROOM_BYTES, FrameWriter.MAX_ROOM_BYTES);
    }

    @Test
    void aTapThatWatchesFramesNeedNotWatchTheRest() {
        List<Integer> seen = new ArrayList<>();
        WireTap tap = (direction, opcode, isFinal, isCompressed, isMasked, payloadBytes) -> seen.add(opcode);
        tap.opened(new OpeningRequest("GET", "/", "HTTP/1.1", Headers.empty()), new OpeningResponse(101, Headers.empty(), ""));
        tap.closed(CloseReason.of(1000, ""));
        assertThat(seen).isEmpty();
    }

    @Test
    void theRateOfMessagesCountsMessagesAndNotTheirFragments() {
        End server = new End(Role.SERVER, Limits.defaults().withMessageRate(1, 1), null);
        server.receive(End.join(End.masked(0x01, utf8("a")), End.masked(0x00, utf8("b")), End.masked(0x80, utf8("c"))));
        assertThat(server.events).containsExactly(Message.text("abc"));
        assertThat(server.receive(End.masked(0x81, utf8("d"))).closeCodeWritten()).isEqualTo(1008);
    }

    @Test
    void inputIsReadTheSameWhateverByteOrderItsBufferHas() {
        byte[] frame = End.masked(0x82, new byte[300]);
        ByteBuffer input = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        End server = new End(Role.SERVER);
        server.protocol.receive(input, 0);
        assertThat(server.take().events).containsExactly(Message.binary(new byte[300]));
    }

    @Test
    void roleAndOutputAreRequired() {
        assertThatThrownBy(() -> new WebSocketProtocol(null, Limits.defaults(), null, ByteBuffer::allocate))
                .isInstanceOf(NullPointerException.class).hasMessage("role");
        assertThatThrownBy(() -> new WebSocketProtocol(Role.SERVER, Limits.defaults(), null, null))
                .isInstanceOf(NullPointerException.class).hasMessage("output");
    }

    @Test
    void whateverWasWrittenIsSaidToBe() {
        End server = new End(Role.SERVER);
        assertThat(server.protocol.send(Message.text("a"))).isTrue();
        assertThat(server.protocol.send(PreparedMessage.of(Message.text("b")))).isTrue();
        assertThat(server.protocol.send(new Part(true, new byte[] {'c'}, true))).isTrue();
        assertThat(server.protocol.ping(new byte[0])).isTrue();
        assertThat(server.outputHex()).isEqualTo("810161" + "810162" + "810163" + "8900");
        End client = new End(Role.CLIENT);
        assertThat(client.protocol.send(PreparedMessage.of(Message.text("b")))).isTrue();
    }

    @Test
    void aCloseCarriesItsReason() {
        End server = new End(Role.SERVER);
        server.protocol.close(CloseReason.of(1000, "bye"));
        assertThat(server.outputHex()).isEqualTo("880503e8627965");
    }

    @Test
    void betweenTheFramesOfAMessageInPartsThereIsNoDeadline() {
        End server = new End(Role.SERVER);
        server.protocol.receiveInParts();
        byte[] frame = End.masked(0x01, End.utf8("abcd"));
        server.receive(java.util.Arrays.copyOf(frame, frame.length - 1));
        assertThat(server.protocol.deadlineNanos()).isLessThan(Long.MAX_VALUE);
        server.receive(new byte[] {frame[frame.length - 1]});
        assertThat(server.protocol.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
