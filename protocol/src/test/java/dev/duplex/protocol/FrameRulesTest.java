package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameRulesTest {

    /** Every pair of first bytes there is, in every situation, against the RFC's text put the other way round: what is right. */
    @Rfc(section = "5.2", rule = "of all 65,536 beginnings of a frame exactly the right ones are accepted")
    @ParameterizedTest
    @EnumSource(Role.class)
    void exactlyTheRightBeginningsOfAFrameAreAccepted(Role receiver) {
        for (int bytes = 0; bytes < 1 << 16; bytes++) {
            for (boolean isInMessage : new boolean[] {false, true}) {
                for (boolean isDeflated : new boolean[] {false, true}) {
                    Violation violation = FrameRules.firstTwoBytes(bytes >> 8, bytes & 0xFF, receiver, isInMessage, isDeflated);
                    if ((violation == null) != isRight(bytes >> 8, bytes & 0xFF, receiver, isInMessage, isDeflated)) {
                        throw new AssertionError("%04x in message %s deflated %s: %s".formatted(bytes, isInMessage, isDeflated, violation));
                    }
                }
            }
        }
    }

    private static boolean isRight(int first, int second, Role receiver, boolean isInMessage, boolean isDeflated) {
        boolean isMaskRight = second >= 0x80 == (receiver == Role.SERVER);
        return isMaskRight && switch (first) {
            case 0x88, 0x89, 0x8A -> (second & 0x7F) < 126; // Close, Ping, Pong
            case 0x00, 0x80 -> isInMessage;
            case 0x01, 0x81, 0x02, 0x82 -> !isInMessage;
            case 0x41, 0xC1, 0x42, 0xC2 -> !isInMessage && isDeflated;
            default -> false;
        };
    }

    @Rfc(section = "5.2", rule = "what is most wrong with a frame is told first: bits, opcode, FIN, order, mask, length")
    @ParameterizedTest
    @CsvSource({
        "f3, 7f, false, true, RESERVED_BIT", // RSV2 and RSV3, besides an unknown opcode
        "c3, 7f, false, false, RESERVED_BIT",
        "c3, 7f, false, true, RESERVED_OPCODE",
        "49, 7f, false, true, MISPLACED_COMPRESSION_BIT",
        "40, 7f, false, true, MISPLACED_COMPRESSION_BIT",
        "c0, 7f, true, true, MISPLACED_COMPRESSION_BIT",
        "09, 7f, false, true, CONTROL_FRAGMENTED",
        "80, 00, false, true, NOTHING_TO_CONTINUE",
        "82, 00, true, true, MESSAGE_NOT_FINISHED",
        "89, 7f, true, true, NOT_MASKED",
        "89, fe, true, true, CONTROL_TOO_LONG"
    })
    void whatIsMostWrongIsToldFirst(String first, String second, boolean isInMessage, boolean isDeflated, Violation expected) {
        assertThat(FrameRules.firstTwoBytes(Integer.parseInt(first, 16), Integer.parseInt(second, 16), Role.SERVER, isInMessage,
                isDeflated)).isEqualTo(expected);
    }

    @Rfc(section = "5.2", rule = "a length takes as few bytes as possible, and its highest bit is 0")
    @ParameterizedTest
    @CsvSource({"126, 0, false", "126, 125, false", "126, 126, true", "126, 65535, true",
        "127, 65535, false", "127, 65536, true", "127, 9223372036854775807, true"})
    void aLengthMustNeedTheBytesThatItTakes(int announced, long length, boolean isRight) {
        assertThat(FrameRules.extendedLength(announced, length)).isEqualTo(isRight ? null : Violation.LENGTH_NOT_MINIMAL);
        assertThat(FrameRules.extendedLength(announced, Long.MIN_VALUE | length)).isEqualTo(Violation.LENGTH_NEGATIVE);
    }
}
