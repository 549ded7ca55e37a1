package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InflateTest {
    private static final int ROOM = 1 << 20;

    private static Inflate inflate(int bits) {
        return new Inflate(bits, true, ROOM);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** RFC 7692 §7.2.3. */
    @ParameterizedTest
    @ValueSource(strings = {"f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000", "f24805000000ffffcac9c90700"})
    void theExamplesOfTheRfcSayHello(String compressed) throws BadDeflate {
        assertThat(inflate(15).message(hex(compressed))).asString().isEqualTo("Hello");
    }

    @Test
    void theSecondExampleRefersToTheFirstMessage() throws BadDeflate {
        Inflate inflate = inflate(15);
        inflate.message(hex("f248cdc9c90700"));
        assertThat(inflate.message(hex("f200110000"))).asString().isEqualTo("Hello");
        assertThat(inflate.farthestReference()).isEqualTo(5);
        Inflate forgetful = new Inflate(15, false, ROOM);
        forgetful.message(hex("f248cdc9c90700"));
        assertThatThrownBy(() -> forgetful.message(hex("f200110000"))).isInstanceOf(BadDeflate.class).hasMessageContaining("only 1 bytes may be remembered");
    }

    @ParameterizedTest
    @CsvSource({"json, 15", "bitmap, 15", "german, 15", "pdf, 15", "json, 9", "pdf, 8", "html, 12"})
    void whatZlibCompressedComesBackWithinItsWindow(String name, int bits) throws BadDeflate {
        TestData data = TestData.named(name);
        Inflate inflate = inflate(bits);
        try (Deflate deflate = new Deflate(bits, true)) {
            for (int size : new int[] {0, 1, 100, 511, 512, 513, 40_000, 131_072, 3}) {
                byte[] plain = data.next(size, false);
                assertThat(inflate.message(deflate.message(plain))).isEqualTo(plain);
            }
        }
        assertThat(inflate.farthestReference()).isLessThanOrEqualTo(1 << bits);
    }

    @Test
    void aReferenceBeyondTheWindowIsSeen() {
        byte[] twice = new byte[2000];
        new java.util.SplittableRandom(1).nextBytes(twice);
        System.arraycopy(twice, 0, twice, 1000, 1000);
        try (Deflate deflate = new Deflate(15, true)) {
            byte[] compressed = deflate.message(twice);
            assertThatThrownBy(() -> inflate(9).message(compressed)).isInstanceOf(BadDeflate.class)
                    .hasMessage("a reference 1000 bytes back, beyond the agreed window of 2^9");
        }
    }

    @ParameterizedTest
    @CsvSource({"0700, reserved type", "000500ffff48656c6c6f00, disagree", "02020000, remembered"})
    void brokenDataIsNamed(String compressed, String words) {
        assertThatThrownBy(() -> inflate(15).message(hex(compressed))).isInstanceOf(BadDeflate.class).hasMessageContaining(words);
    }

    @Test
    void aBombEndsAtTheRoomThatThereIs() {
        byte[] bomb = Deflate.zeros(2);
        assertThat(bomb.length).isLessThan(4096);
        assertThatThrownBy(() -> inflate(15).message(bomb)).isInstanceOf(BadDeflate.class).hasMessageContaining("beyond 1048576 bytes");
    }
}
