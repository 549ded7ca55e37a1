package dev.duplex.attacks;

import static dev.duplex.attacks.Frames.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Event;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Group B at the engine, both roles: what a single frame can be, and messages in virtual time. */
class FramingRowsTest {
    private static final int SMALL = 64 * 1024;

    /** Every cut of the bytes ends in the same close code. */
    private static void assertFails(Role role, int code, byte[] bytes) {
        assertThat(new Engine(role).receive(bytes).failure()).as("%s: %s", role, java.util.HexFormat.of().formatHex(bytes)).isEqualTo(code);
        for (int piece = 1; piece < Math.min(bytes.length, 20); piece++) {
            Engine engine = new Engine(role).receiveCut(bytes, piece);
            assertThat(engine.failure()).isEqualTo(code);
            assertThat(engine.protocol.state()).isEqualTo(State.ENDING);
            assertThat(engine.events).isEmpty();
        }
    }

    /** A header with any length; masked if {@code receiver} wants that. */
    private static byte[] header(Role receiver, int first, int sevenBits, String extended) {
        int mask = receiver == Role.SERVER ? 0x80 : 0;
        return Frames.join(new byte[] {(byte) first, (byte) (mask | sevenBits)}, hex(extended), mask == 0 ? new byte[0] : hex("37fa213d"));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B1")
    void b1ALengthWithItsHighestBitSetIs1002AndAllocatesNothing(Role role) {
        for (int first : new int[] {0x81, 0x82, 0x02}) {
            assertFails(role, 1002, header(role, first, 127, "8000000000000000"));
            assertFails(role, 1002, header(role, first, 127, "ffffffffffffffff"));
        }
        byte[] frame = header(role, 0x82, 127, "8000000000000001");
        assertThat(Engine.allocatedBytes(() -> new Engine(role).receive(frame))).isLessThan(SMALL);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B2")
    void b2ALengthAboveTheLimitIs1009AtTheHeaderAndAllocatesNothing(Role role) {
        for (String length : new String[] {"000000007fffffff", "0000000080000000", "7fffffffffffffff", "0000000000100001"}) {
            byte[] frame = header(role, 0x82, 127, length);
            assertFails(role, 1009, frame);
            assertThat(Engine.allocatedBytes(() -> new Engine(role).receive(frame))).isLessThan(SMALL);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B2")
    void b2ALengthWithinTheLargestLimitAllocatesOnlyAsItArrives(Role role) {
        Limits largest = Limits.defaults().withMaxMessageBytes(Limits.LARGEST_MESSAGE_BYTES);
        byte[] frame = header(role, 0x82, 127, "000000007fffffbf");
        Engine engine = new Engine(role, largest, null);
        assertThat(Engine.allocatedBytes(() -> engine.receive(frame).receive("00"))).isLessThan(SMALL);
        assertThat(engine.failure()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B3")
    void b3AReservedOpcodeIs1002BeforeItsLengthIsRead(Role role) {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
            byte[] header = header(role, 0x80 | opcode, 127, "0000010000000000");
            assertFails(role, 1002, header);
            assertFails(role, 1002, Arrays.copyOf(header, 2));
            assertThat(Engine.allocatedBytes(() -> new Engine(role).receive(header))).isLessThan(SMALL);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B4")
    void b4AFrameThatDripsIs1008After30Seconds(Role role) {
        Engine engine = new Engine(role).receive(header(role, 0x82, 127, "0000000000100000"));
        for (int i = 0; i < 2; i++) {
            engine.pass(10).receive("00");
        }
        assertThat(engine.pass(9).failure()).isZero();
        assertThat(engine.pass(1).failure()).isEqualTo(1008);
        assertThat(engine.receive("00").events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B4")
    void b4AHeaderThatDripsIs1008After30Seconds(Role role) {
        Engine engine = new Engine(role).receive("82");
        assertThat(engine.pass(29).failure()).isZero();
        assertThat(engine.pass(1).failure()).isEqualTo(1008);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B5")
    void b5ALengthInTooManyBytesIs1002(Role role) {
        for (int first : new int[] {0x81, 0x82, 0x01}) {
            assertFails(role, 1002, header(role, first, 126, "0005"));
            assertFails(role, 1002, header(role, first, 126, "007d"));
            assertFails(role, 1002, header(role, first, 127, "000000000000012c"));
            assertFails(role, 1002, header(role, first, 127, "000000000000ffff"));
            assertFails(role, 1002, header(role, first, 127, "0000000000000000"));
        }
    }

    @Test
    @Row("B6")
    void b6AMaskOnTheWrongSideOrNoneIs1002() {
        for (int first : new int[] {0x81, 0x82, 0x01, 0x88, 0x89, 0x8A}) {
            assertFails(Role.SERVER, 1002, Frames.to(Role.CLIENT, first, new byte[2]));
            assertFails(Role.SERVER, 1002, Frames.to(Role.CLIENT, first, new byte[0]));
            assertFails(Role.CLIENT, 1002, Frames.to(Role.SERVER, first, new byte[2]));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B7")
    void b7AReservedBitIs1002(Role role) {
        for (int bit : new int[] {0x40, 0x20, 0x10}) {
            for (int first : new int[] {0x81, 0x82, 0x02, 0x88, 0x89, 0x8A}) {
                assertFails(role, 1002, Frames.to(role, first | bit, new byte[3]));
            }
            assertThat(new Engine(role).frame(0x01, (byte) 'a').frame(bit, (byte) 'b').failure()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B8")
    void b8ControlFramesAreWholeAndShort(Role role) {
        for (int opcode : new int[] {8, 9, 10}) {
            assertFails(role, 1002, Frames.to(role, opcode, new byte[0]));
            assertFails(role, 1002, Frames.to(role, 0x80 | opcode, new byte[126]));
            assertFails(role, 1002, header(role, 0x80 | opcode, 127, "0000000000010000"));
        }
        for (int opcode : new int[] {3, 7, 0xB, 0xF}) {
            assertFails(role, 1002, Frames.to(role, opcode, new byte[0]));
            assertFails(role, 1002, Frames.to(role, 0x80 | opcode, new byte[4]));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B9")
    void b9OnlyCodesThatMayBeSentAreEchoed(Role role) {
        assertFails(role, 1002, Frames.to(role, 0x88, new byte[1]));
        for (int code = 0; code <= 65_535; code++) {
            boolean isFine = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
            Engine engine = new Engine(role).frame(0x88, (byte) (code >> 8), (byte) code);
            assertThat(engine.failure()).isEqualTo(isFine ? code : 1002);
            assertThat(engine.protocol.closeReason().isClean()).isEqualTo(isFine);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B10")
    void b10ACloseReasonIsUtf8OnBothSides(Role role) {
        for (String bad : new String[] {"c0af", "eda080", "f4908080", "ff", "c3", "80"}) {
            assertFails(role, 1007, Frames.to(role, 0x88, hex("03e8" + bad)));
        }
        Engine engine = new Engine(role);
        assertThatThrownBy(() -> engine.protocol.close(CloseReason.of(1000, "é".repeat(62)))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.protocol.close(CloseReason.of(1005, ""))).isInstanceOf(IllegalArgumentException.class);
        engine.protocol.close(CloseReason.of(1000, "é".repeat(61)));
        assertThat(engine.output()).hasSize((role == Role.SERVER ? 2 : 6) + 2 + 122);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B11")
    void b11NothingCountsAfterAClose(Role role) {
        byte[] late = Frames.join(Frames.to(role, 0x81, hex("6162")), Frames.to(role, 0x89, hex("70")), Frames.to(role, 0xFF, new byte[0]));
        for (int piece = 1; piece < 30; piece++) {
            Engine engine = new Engine(role).frame(0x88, (byte) 3, (byte) 0xE8);
            engine.output();
            engine.receiveCut(late, piece);
            assertThat(engine.events).isEmpty();
            assertThat(engine.output()).isEmpty();
            assertThat(engine.failure()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B14")
    void b14FragmentsOfOneMessageStandTogether(Role role) {
        assertFails(role, 1002, Frames.to(role, 0x80, new byte[1]));
        assertFails(role, 1002, Frames.to(role, 0x00, new byte[0]));
        for (int second : new int[] {0x81, 0x82, 0x01, 0x02}) {
            assertThat(new Engine(role).frame(0x01, (byte) 'a').frame(second, (byte) 'b').failure()).isEqualTo(1002);
        }
        assertThat(new Engine(role).frame(0x81, (byte) 'a').frame(0x80, (byte) 'b').failure()).isEqualTo(1002);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B15")
    void b15ControlFramesBetweenFragmentsAreServedAtOnce(Role role) {
        Engine engine = new Engine(role).frame(0x01, (byte) 'a').frame(0x89, (byte) 'p');
        assertThat(engine.output()).hasSize(role == Role.SERVER ? 3 : 7);
        assertThat(engine.events).hasSize(1).first().isInstanceOf(Event.Ping.class);
        engine.frame(0x8A).frame(0x80, (byte) 'b');
        assertThat(engine.events).hasSize(3).last().isEqualTo(Message.text("ab"));
        engine.frame(0x01, (byte) 'c').frame(0x88, (byte) 3, (byte) 0xE9);
        assertThat(engine.failure()).isEqualTo(1001);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B16")
    void b16MemoryFollowsTheBytesOfFragmentsNotTheirNumber(Role role) {
        Engine engine = new Engine(role, Limits.defaults().withMaxFragments(Integer.MAX_VALUE), null).frame(0x02, new byte[0]);
        ByteBuffer one = ByteBuffer.wrap(Frames.to(role, 0x00, new byte[1]));
        long allocated = Engine.allocatedBytes(() -> {
            for (int i = 0; i < 1 << 20; i++) {
                engine.receive(one.rewind());
            }
        });
        assertThat(engine.failure()).isZero();
        assertThat(allocated).as("the whole doubling up to 1 MiB").isLessThan(4L << 20);
        assertThat(engine.receive(one.rewind()).failure()).isEqualTo(1009);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B17")
    void b17EmptyFragmentsAreCounted(Role role) {
        Engine engine = new Engine(role).frame(0x02, new byte[0]);
        for (int i = 1; i < 1024; i++) {
            engine.frame(0x00, new byte[0]);
        }
        assertThat(engine.failure()).isZero();
        assertThat(engine.frame(0x00, new byte[0]).failure()).isEqualTo(1008);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B18")
    void b18AMessageThatIsForgottenIs1008ThoughPongsCome(Role role) {
        Engine engine = new Engine(role).frame(0x01, (byte) 'a');
        for (int i = 0; i < 29; i++) {
            engine.pass(1).frame(0x8A, (byte) i);
        }
        assertThat(engine.failure()).isZero();
        assertThat(engine.pass(1).failure()).isEqualTo(1008);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B19")
    void b19ByteByByteIsTheSameAsAtOnceInLinearMemory(Role role) {
        byte[] payload = new byte[1 << 20];
        new java.util.Random(19).nextBytes(payload);
        byte[] stream = Frames.join(Frames.to(role, 0x01, "hé".getBytes(StandardCharsets.UTF_8)), Frames.to(role, 0x89, hex("01")),
                Frames.to(role, 0x80, hex("21")), Frames.to(role, 0x82, payload), Frames.to(role, 0x8A, new byte[125]));
        Engine whole = new Engine(role).receive(stream);
        Engine bytes = new Engine(role);
        ByteBuffer one = ByteBuffer.wrap(stream);
        long allocated = Engine.allocatedBytes(() -> {
            for (int i = 0; i < stream.length; i++) {
                bytes.receive(one.limit(i + 1).position(i));
            }
        });
        assertThat(bytes.events.stream().map(FramingRowsTest::told)).containsExactlyElementsOf(whole.events.stream().map(FramingRowsTest::told).toList());
        assertThat(bytes.output().length).isEqualTo(whole.output().length);
        assertThat(allocated).isLessThan(8L * stream.length);
    }

    private static String told(Event event) {
        return switch (event) {
            case Message message -> message.isText() + Arrays.toString(message.bytes());
            case Event.Ping ping -> "ping " + Arrays.toString(ping.payload());
            case Event.Pong pong -> "pong " + Arrays.toString(pong.payload());
            default -> event.toString();
        };
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B21")
    void b21TextIsRefusedExactlyWhereTheJdkRefusesIt(Role role) {
        java.util.Random random = new java.util.Random(21);
        for (int round = 0; round < 3_000; round++) {
            byte[] text = new Utf8Maker(random).make();
            int certain = Utf8Maker.firstCertainByte(text);
            Engine engine = new Engine(role).receive(header(role, 0x81, text.length, ""));
            byte[] masked = Arrays.copyOfRange(Frames.to(role, 0x81, text), role == Role.SERVER ? 6 : 2, text.length + (role == Role.SERVER ? 6 : 2));
            for (int i = 0; i < masked.length; i++) {
                engine.receive(new byte[] {masked[i]});
                assertThat(engine.failure()).as("%s at %d", Arrays.toString(text), i).isEqualTo(i >= certain ? 1007 : 0);
                if (i == certain) {
                    break;
                }
            }
            assertThat(engine.events).hasSize(certain == Utf8Maker.NEVER ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @Row("B21")
    void b21FragmentsAndCompressionDoNotHideBadText(Role role) {
        java.util.Random random = new java.util.Random(22);
        for (int round = 0; round < 1_000; round++) {
            byte[] text = new Utf8Maker(random).make();
            boolean isFine = Utf8Maker.firstCertainByte(text) == Utf8Maker.NEVER;
            Engine cut = new Engine(role);
            Engine small = new Engine(role, Limits.defaults(), PerMessageDeflate.of(role,
                    new DeflateParameters(true, true, 15, 15), DeflateOptions.defaults()));
            byte[] deflated = Bomb.deflate(text);
            int middle = random.nextInt(text.length + 1);
            int smallMiddle = random.nextInt(deflated.length + 1);
            cut.receive(Frames.join(Frames.to(role, 0x01, Arrays.copyOf(text, middle)),
                    Frames.to(role, 0x80, Arrays.copyOfRange(text, middle, text.length))));
            small.receive(Frames.join(Frames.to(role, 0x41, Arrays.copyOf(deflated, smallMiddle)),
                    Frames.to(role, 0x80, Arrays.copyOfRange(deflated, smallMiddle, deflated.length))));
            for (Engine engine : new Engine[] {cut, small}) {
                assertThat(engine.failure()).as(Arrays.toString(text)).isEqualTo(isFine ? 0 : 1007);
                assertThat(engine.events).hasSize(isFine ? 1 : 0);
            }
        }
    }
}
