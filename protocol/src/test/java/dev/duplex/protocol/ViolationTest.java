package dev.duplex.protocol;

import static dev.duplex.protocol.End.bytes;
import static dev.duplex.protocol.End.join;
import static dev.duplex.protocol.End.masked;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One vector for each rule that a peer can break. */
class ViolationTest {

    @Rfc(section = "5.1", rule = "masking by role")
    @Rfc(section = "5.2", rule = "reserved bits, reserved opcodes, minimal and positive lengths")
    @Rfc(section = "5.5", rule = "control frames are whole and have at most 125 bytes")
    @Rfc(section = "5.5.1", rule = "a Close payload is empty, or a code and UTF-8")
    @Rfc(section = "7.4", rule = "codes that may not be sent are refused")
    @Rfc(section = "7.1.7", rule = "each violation fails the connection with its code")
    @Rfc(number = 7692, section = "6.1", rule = "RSV1 stands on a message's first frame only")
    @Rfc(number = 7692, section = "7.2.2", rule = "what cannot be inflated fails the connection")
    @ParameterizedTest
    @EnumSource(Violation.class)
    void isAnsweredByItsCloseCodeAndEndsTheConnection(Violation violation) {
        End end = broken(violation);
        assertThat(end.protocol.state()).isEqualTo(State.ENDING);
        assertThat(end.protocol.endsTransport()).isTrue();
        CloseReason reason = end.protocol.closeReason();
        assertThat(reason.text()).isEqualTo(violation.sentence());
        assertThat(reason.code()).isEqualTo(violation.closeCode());
        assertThat(reason.initiator()).isEqualTo(CloseReason.Initiator.LOCAL);
        assertThat(reason.isClean()).isFalse();
        byte[] close = ClosePayload.of(violation.closeCode(), violation.sentence());
        byte[] frame = violation == Violation.MASKED ? null : join(new byte[] {(byte) 0x88, (byte) close.length}, close);
        if (frame != null) {
            assertThat(End.hex(end.output())).endsWith(End.hex(frame));
        }
        end.transportEnds();
        assertThat(end.events.getLast()).isEqualTo(new Event.Closed(reason));
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void hasASentenceThatFitsIntoACloseFrame(Violation violation) {
        assertThat(End.utf8(violation.sentence()).length).isBetween(10, CloseReason.MAX_TEXT_BYTES);
        assertThat(violation.source()).matches("RFC (6455|7692) §[0-9.]+");
    }

    private static End broken(Violation violation) {
        return switch (violation) {
            case RESERVED_BIT -> server().receive("a1 80 00000000"); // RSV2, text, empty
            case RESERVED_OPCODE -> server().receive("83 ff"); // opcode 3 with a 64-bit length: judged before the length comes
            case CONTROL_FRAGMENTED -> server().receive("09 80 00000000"); // ping without FIN
            case CONTROL_TOO_LONG -> server().receive("89 fe"); // ping with a 16-bit length
            case MISPLACED_COMPRESSION_BIT -> deflating().receive("c9 80 00000000"); // ping with RSV1
            case NOT_MASKED -> server().receive("81 00");
            case MASKED -> new End(Role.CLIENT).receive("81 80 00000000");
            case LENGTH_NOT_MINIMAL -> server().receive("82 fe 0005 00000000"); // 16 bits for 5
            case LENGTH_NEGATIVE -> server().receive("82 ff 8000000000000000 00000000");
            case NOTHING_TO_CONTINUE -> server().receive("80 80 00000000");
            case MESSAGE_NOT_FINISHED -> server().receive("01 80 00000000 81 80 00000000");
            case CLOSE_PAYLOAD_TOO_SHORT -> server().receive("88 81 00000000 03");
            case CLOSE_CODE_INVALID -> server().receive("88 82 00000000 03ed"); // 1005
            case CLOSE_REASON_NOT_UTF8 -> server().receive("88 83 00000000 03e8 ff");
            case TEXT_NOT_UTF8 -> server().receive("81 fe 0100 00000000 c0"); // c0 begins no character; 255 bytes have not come
            case DEFLATE_DATA_INVALID -> deflating().receive("c2 81 00000000 07"); // block type 3
            case MESSAGE_TOO_BIG -> server().receive("82 ff 0000000000100001 00000000"); // 1 MiB + 1, by the header alone
            case TOO_MANY_FRAGMENTS -> server().receive(join(bytes("02 80 00000000"), repeated("00 80 00000000", 1024)));
            case TOO_MANY_CONTROL_FRAMES -> server().receive(repeated("8a 80 00000000", 101));
            case TOO_MANY_MESSAGES -> new End(Role.SERVER, Limits.defaults().withMessageRate(2, 1), null)
                    .receive(repeated("82 80 00000000", 3));
            case TOO_SLOW -> slow();
        };
    }

    private static End server() {
        return new End(Role.SERVER);
    }

    private static End deflating() {
        return End.deflating(Role.SERVER, Limits.defaults(), new DeflateParameters(true, true, 15, 15), DeflateOptions.defaults());
    }

    private static End slow() {
        End end = server().receive(masked(0x01, bytes("61")));
        long deadline = end.protocol.deadlineNanos();
        assertThat(deadline).isEqualTo(end.now + Limits.defaults().messageDeadlineNanos());
        end.protocol.expire(deadline - 1);
        assertThat(end.protocol.state()).isEqualTo(State.OPEN);
        end.protocol.expire(deadline);
        return end.take();
    }

    private static byte[] repeated(String hex, int times) {
        return bytes(hex.repeat(times));
    }
}
