package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.frameTo;
import static dev.duplex.protocol.End.join;
import static dev.duplex.protocol.End.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However the input is cut, the same events and the same answers come out. */
class ChunkingTest {
    /** No vector but one is longer, and that one is the same byte over and over. */
    private static final int LONG = 400;

    @Rfc(section = "5.4", rule = "the cut of the input has no meaning")
    @ParameterizedTest
    @EnumSource(Role.class)
    void everyCutOfEveryVectorGivesTheSameEvents(Role receiver) {
        for (byte[] vector : vectors(receiver)) {
            End whole = end(receiver).receive(vector).transportEnds();
            for (int piece : pieces(vector)) {
                assertSame(whole, end(receiver).receiveCut(vector, piece).transportEnds());
            }
            for (int cut = 0; cut <= Math.min(vector.length, LONG); cut++) {
                End two = end(receiver);
                two.receive(java.util.Arrays.copyOf(vector, cut));
                two.receive(java.util.Arrays.copyOfRange(vector, cut, vector.length));
                assertSame(whole, two.transportEnds());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyCutOfEveryVectorGivesTheSameMessagesInParts(Role receiver) {
        for (byte[] vector : vectors(receiver)) {
            List<Event> whole = joined(parts(receiver).receive(vector).transportEnds().events);
            for (int piece : pieces(vector)) {
                assertThat(joined(parts(receiver).receiveCut(vector, piece).transportEnds().events)).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void inputThatIsMovedIsReadOn(Role receiver) {
        End end = end(receiver);
        byte[] input = join(frameTo(receiver, 0x81, utf8("a")), frameTo(receiver, 0x81, utf8("b")));
        end.protocol.receive(ByteBuffer.wrap(input), 0);
        assertThat(end.protocol.next()).isEqualTo(Message.text("a"));
        assertThat(end.protocol.inputBytes()).isEqualTo(input.length / 2);
        end.protocol.moveInput(ByteBuffer.allocate(input.length));
        java.util.Arrays.fill(input, (byte) 0xFF);
        assertThat(end.protocol.next()).isEqualTo(Message.text("b"));
        assertThat(end.protocol.inputBytes()).isZero();
        assertThat(end.protocol.next()).isNull();
    }

    private static int[] pieces(byte[] vector) {
        return vector.length > LONG ? new int[] {1, 7, 1021, 16 * 1024 + 1} : IntStream.rangeClosed(1, vector.length).toArray();
    }

    private static End end(Role receiver) {
        return End.deflating(receiver, Limits.defaults(), new DeflateParameters(false, false, 15, 15), DeflateOptions.defaults());
    }

    private static End parts(Role receiver) {
        End end = end(receiver);
        end.protocol.receiveInParts();
        return end;
    }

    private static void assertSame(End whole, End cut) {
        assertThat(described(cut.events)).isEqualTo(described(whole.events));
        assertThat(cut.protocol.closeReason()).isEqualTo(whole.protocol.closeReason());
    }

    private static List<Object> described(List<Event> events) {
        List<Object> all = new ArrayList<>();
        for (Event event : events) {
            all.add(switch (event) {
                case Event.Ping ping -> "ping " + End.hex(ping.payload());
                case Event.Pong pong -> "pong " + End.hex(pong.payload());
                default -> event; // messages and ends are equal by what they hold
            });
        }
        return all;
    }

    private static List<Event> joined(List<Event> events) {
        List<Event> all = new ArrayList<>();
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        for (Event event : events) {
            if (event instanceof Part part) {
                assertThat(part.isText() ? Utf8Validator.isValid(part.bytes()) : true).isTrue();
                held.writeBytes(part.bytes());
                if (part.isLast()) {
                    all.add(part.isText() ? Text.ofUtf8(held.toByteArray()) : Message.binary(held.toByteArray()));
                    held.reset();
                }
            } else if (event instanceof Event.Closed) {
                all.add(event);
            }
        }
        return all;
    }

    private static List<byte[]> vectors(Role receiver) {
        byte[] compressedHello = bytes("f248cdc9c90700"); // RFC 7692 §7.2.3.1
        return List.of(
                join(frameTo(receiver, 0x81, utf8("hé한🙂")), frameTo(receiver, 0x82, new byte[130]), frameTo(receiver, 0x81, utf8(""))),
                join(frameTo(receiver, 0x01, bytes("ed95")), frameTo(receiver, 0x89, utf8("ping")), frameTo(receiver, 0x00, bytes("")),
                        frameTo(receiver, 0x80, bytes("9c")), frameTo(receiver, 0x8a, utf8("pong")), frameTo(receiver, 0x88, bytes("03e8"))),
                join(frameTo(receiver, 0xc1, compressedHello), frameTo(receiver, 0x41, bytes("f248cd")), frameTo(receiver, 0x80, bytes("c9c90700")),
                        frameTo(receiver, 0xc2, bytes("00"))),
                frameTo(receiver, 0x82, new byte[70_000]),
                join(frameTo(receiver, 0x81, utf8("good")), frameTo(receiver, 0x81, bytes("cebaff")), frameTo(receiver, 0x81, utf8("never"))),
                join(frameTo(receiver, 0x81, utf8("good")), frameTo(receiver, 0x88, bytes("03")), frameTo(receiver, 0x81, utf8("never"))),
                join(frameTo(receiver, 0x81, utf8("good")), frameTo(receiver, 0x8b, utf8("opcode 11"))),
                join(frameTo(receiver, 0x81, utf8("good")), bytes(receiver == Role.SERVER ? "82 fe 0005 00000000" : "82 7e 0005"), // 16 bits for 5
                        utf8("never")),
                join(frameTo(receiver, 0x01, utf8("unfinished")), frameTo(receiver, 0x00, utf8("for ever"))));
    }
}
