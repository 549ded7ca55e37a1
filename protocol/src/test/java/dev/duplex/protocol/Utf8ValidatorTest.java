package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8ValidatorTest {

    private static final int[] EDGES = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};

    private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer decoded = CharBuffer.allocate(100);

    @Test
    void everyPairAndEveryBorderOfThreeBytesIsJudgedAsTheJdkDoes() {
        for (int first = 0; first < 256; first++) {
            assertAgrees((byte) first);
            for (int second = 0; second < 256; second++) {
                assertAgrees((byte) first, (byte) second);
                for (int third : EDGES) {
                    assertAgrees((byte) first, (byte) second, (byte) third);
                }
            }
        }
    }

    @Test
    void everyBorderOfFourBytesIsJudgedAsTheJdkDoes() {
        for (int first = 0xE0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                for (int third : EDGES) {
                    for (int fourth : EDGES) {
                        assertAgrees((byte) first, (byte) second, (byte) third, (byte) fourth);
                    }
                }
            }
        }
    }

    @Test
    void everyCutGivesTheSameJudgement() {
        byte[] good = "aé한🙂 plain ascii of more than thirty-two bytes, then 한국어 🙂🙂".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= good.length; cut++) {
            Utf8Validator validator = new Utf8Validator();
            assertThat(validator.accepts(good, 0, cut)).isTrue();
            assertThat(validator.accepts(good, cut, good.length)).isTrue();
            assertThat(validator.isComplete()).isTrue();
        }
    }

    @Test
    void theFirstImpossibleByteFailsWhateverFollows() {
        // f4 90: above U+10FFFF as soon as the second byte is there
        Utf8Validator validator = new Utf8Validator();
        assertThat(validator.accepts(End.bytes("cebae1bdb9cf83cebcceb5f4"), 0, 12)).isTrue();
        assertThat(validator.unfinishedBytes()).isEqualTo(1);
        assertThat(validator.accepts(End.bytes("90"), 0, 1)).isFalse();
    }

    @Test
    void randomBytesAreJudgedAsTheJdkDoesAtEveryCut() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : "aé한🙂".getBytes(StandardCharsets.UTF_8)[random.nextInt(10)]);
            }
            int cut = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            Utf8Validator validator = new Utf8Validator();
            boolean valid = validator.accepts(bytes, 0, cut) && validator.accepts(bytes, cut, bytes.length) && validator.isComplete();
            assertThat(valid).as(End.hex(bytes)).isEqualTo(jdkAccepts(bytes));
            assertThat(Utf8Validator.isValid(bytes)).as(End.hex(bytes)).isEqualTo(valid);
        }
    }

    /** ASCII is passed in blocks. */
    @Test
    void aWrongByteIsFoundWhereverItStandsInAscii() {
        for (int at = 0; at < 100; at++) {
            byte[] ascii = "a".repeat(100).getBytes(StandardCharsets.US_ASCII);
            ascii[at] = (byte) 0xFF;
            assertThat(Utf8Validator.isValid(ascii)).as("byte %d", at).isFalse();
        }
    }

    private void assertAgrees(byte... bytes) {
        if (Utf8Validator.isValid(bytes) != jdkAccepts(bytes)) {
            throw new AssertionError(Arrays.toString(bytes));
        }
    }

    /** Without the exception of the decoder's simpler form, which would take most of the time of these tests. */
    private boolean jdkAccepts(byte[] bytes) {
        jdk.reset();
        return jdk.decode(ByteBuffer.wrap(bytes), decoded.clear(), true).isUnderflow();
    }
}
