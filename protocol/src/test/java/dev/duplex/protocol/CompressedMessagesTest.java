package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression as the whole engine uses it: limits, fragments, secrets. */
class CompressedMessagesTest {
    private static final int FIN_RSV1_BINARY = 0xC2;
    private static final int RSV1_BINARY = 0x42;

    @ParameterizedTest
    @CsvSource({"SERVER, false", "SERVER, true", "CLIENT, false", "CLIENT, true"})
    void aBombIsStoppedAtTheLimit(Role receiver, boolean takeover) {
        End to = end(receiver, takeover);
        to.receive(End.frameTo(receiver, FIN_RSV1_BINARY, DeflateMemoryTest.bomb(64 << 20)));
        assertClosed(to, 1009);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aBombInManyFragmentsIsStoppedAtTheLimit(Role receiver) {
        End to = end(receiver, false);
        byte[] bomb = DeflateMemoryTest.bomb(4 << 20);
        int fragments = 0;
        for (int i = 0; i < bomb.length && to.protocol.state() == State.OPEN; i += 8, fragments++) {
            byte[] fragment = Arrays.copyOfRange(bomb, i, Math.min(bomb.length, i + 8));
            to.receive(End.frameTo(receiver, i == 0 ? RSV1_BINARY : 0, fragment));
        }
        assertThat(fragments).isBetween(100, 200); // 1 MiB of zeros takes about 1 KiB
        assertClosed(to, 1009);
    }

    @ParameterizedTest
    @ValueSource(strings = {"06", "f2 00 11 00 00", "f2 48 cd c9", "f2 48 cd c9 c9 07 00 00 00 ff ff", "00 05 00 fa 00 48"})
    void undecodableDataIs1007(String payload) {
        for (Role receiver : Role.values()) {
            for (int piece : new int[] {1, 1000}) {
                End to = end(receiver, true);
                to.receiveCut(End.frameTo(receiver, FIN_RSV1_BINARY, DeflateWire.hex(payload)), piece);
                assertClosed(to, 1007);
            }
        }
    }

    @Rfc(number = 7692, section = "6", rule = "RSV1 stands on the first fragment alone")
    @ParameterizedTest
    @ValueSource(ints = {0x40, 0xC0, 0xC9, 0xC8})
    void rsv1BelongsToTheFirstFragmentAlone(int first) {
        End server = end(Role.SERVER, false);
        server.receive(End.masked(RSV1_BINARY, DeflateWire.hex("f2 48 cd")));
        server.receive(End.masked(first, DeflateWire.hex("c9 c9 07 00")));
        assertClosed(server, 1002);
    }

    @Test
    void partsAreCompressedAndArriveOneByOne() {
        End from = end(Role.SERVER, false);
        End to = end(Role.CLIENT, false);
        to.protocol.receiveInParts();
        byte[] bytes = PerMessageDeflateTest.bytesLikeText(new Random(1), 5000);
        from.protocol.send(Part.binary(bytes, false));
        byte[] wire = from.output();
        assertThat(wire.length).isLessThan(5000);
        assertThat(to.receive(wire).events.stream().mapToInt(e -> ((Part) e).bytes().length).sum()).isEqualTo(5000);
        from.protocol.send(Part.binary(new byte[0], true));
        assertThat(((Part) to.receive(from.output()).events.getLast()).isLast()).isTrue();
    }

    @Test
    void preparedAndOwnMessagesMayAlternate() {
        for (boolean takeover : new boolean[] {false, true}) {
            End from = end(Role.SERVER, takeover);
            End to = end(Role.CLIENT, takeover);
            Message message = Message.binary(PerMessageDeflateTest.bytesLikeText(new Random(2), 3000));
            PreparedMessage prepared = PreparedMessage.of(message);
            from.protocol.send(prepared);
            from.protocol.send(message);
            from.protocol.send(prepared);
            assertThat(to.receive(from.output()).events).isEqualTo(List.of(message, message, message));
        }
    }

    @Test
    void aPreparedMessageAfterTheEndIsNotSent() {
        End from = end(Role.SERVER, false);
        from.protocol.close();
        from.receive("88 80 00000000");
        assertThat(from.protocol.send(PreparedMessage.of(Message.text("x".repeat(2000))))).isFalse();
    }

    /** RFC 7692 §8: beside a guess that is right, the secret would take fewer bytes. */
    @Test
    void theLengthOfAnUncompressedMessageTellsNothing() {
        End server = end(Role.SERVER, true);
        String secret = "token=4f9a" + "filler ".repeat(300);
        int compressed = lengths(server, secret, false);
        assertThat(compressed).as("the danger is real").isGreaterThan(1);
        assertThat(lengths(server, secret, true)).isEqualTo(1);
    }

    private static int lengths(End server, String secret, boolean isOptedOut) {
        return (int) IntStream.range(0, 256).map(guess -> {
            Message message = Message.text("token=%02x".formatted(guess) + secret);
            server.protocol.send(isOptedOut ? message.uncompressed() : message);
            return server.output().length;
        }).distinct().count();
    }

    private static void assertClosed(End end, int code) {
        assertThat(end.protocol.closeReason().code()).isEqualTo(code);
        assertThat(end.output()).isNotEmpty();
        assertThat(end.events.stream().filter(Message.class::isInstance)).isEmpty();
    }

    private static End end(Role role, boolean takeover) {
        return End.deflating(role, Limits.defaults(), new DeflateParameters(!takeover, !takeover, 15, 15), DeflateOptions.defaults());
    }
}
