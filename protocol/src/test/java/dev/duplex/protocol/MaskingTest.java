package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final int KEY = 0x37fa213d;

    @Rfc(section = "5.3", rule = "the mask is an exclusive or with the key")
    @Test
    void masksAsInTheRfcsExample() {
        byte[] hello = End.utf8("Hello");
        Masking.apply(hello, 0, 5, KEY);
        assertThat(End.hex(hello)).isEqualTo("7f9f4d5158"); // §5.7
    }

    @Test
    void everyLengthOffsetAndPhaseEqualsTheRuleByteByByte() {
        byte[] source = new byte[120];
        new Random(1).nextBytes(source);
        for (int offset = 0; offset < 9; offset++) {
            for (int length = 0; length < 100; length++) {
                for (int phase = 0; phase < 4; phase++) {
                    byte[] expected = source.clone();
                    for (int i = 0; i < length; i++) {
                        expected[offset + i] ^= (byte) (KEY >>> 24 - 8 * ((i + phase) & 3));
                    }
                    byte[] inPlace = source.clone();
                    Masking.apply(inPlace, offset, length, Masking.advance(KEY, phase));
                    assertThat(inPlace).isEqualTo(expected);
                    ByteBuffer copy = ByteBuffer.allocateDirect(length);
                    Masking.copy(source, offset, length, Masking.advance(KEY, phase), copy);
                    assertThat(copy.flip()).isEqualTo(ByteBuffer.wrap(expected, offset, length));
                }
            }
        }
    }

    @Rfc(section = "5.3", rule = "each frame has a fresh key from a strong source")
    @Test
    void keysAreFresh() {
        MaskKeys keys = new MaskKeys();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            seen.add(keys.next());
        }
        assertThat(seen.size()).isGreaterThan(19_990); // chance repeats about 0.05 of them
    }
}
