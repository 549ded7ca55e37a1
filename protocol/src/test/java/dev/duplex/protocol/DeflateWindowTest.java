package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.deflateInPieces;
import static dev.duplex.protocol.DeflateWire.end;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Rfc(number = 7692, section = "7.1.2", rule = "no reference reaches further back than the agreed window, 8 to 15 bits")
class DeflateWindowTest {
    private static final int[] SIZES = {0, 1, 100, 156, 255, 256, 257, 511, 512, 513, 1023, 1025, 5000, 40_000, 3, 70_000};

    @ParameterizedTest
    @CsvSource({"8, true", "8, false", "9, true", "9, false", "10, true", "11, false", "12, true", "13, false", "14, true", "15, true"})
    void noReferenceReachesFurtherBackThanAgreed(int windowBits, boolean takeover) {
        PerMessageDeflate from = end(Role.SERVER, takeover, windowBits);
        DeflateReader reader = new DeflateReader();
        for (byte[] message : messages()) {
            byte[] payload = deflateInPieces(from, message, 1 + message.length / 3);
            assertThat(reader.read(payload)).isEqualTo(message);
        }
        from.release();
        assertThat(reader.farthest()).isLessThan(1 << windowBits);
        assertThat(reader.farthest()).as("the window is made use of").isGreaterThan((1 << windowBits) / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12})
    void whatRepeatsJustBeyondTheWindowIsNotReferredTo(int windowBits) {
        byte[] message = new byte[4 << windowBits];
        new Random(windowBits).nextBytes(message);
        int period = (1 << windowBits) + 1;
        for (int i = period; i < message.length; i++) {
            message[i] = message[i - period];
        }
        for (boolean takeover : new boolean[] {false, true}) {
            PerMessageDeflate from = end(Role.SERVER, takeover, windowBits);
            DeflateReader reader = new DeflateReader();
            for (int pieceBytes : new int[] {message.length, 7, period}) {
                assertThat(reader.read(deflateInPieces(from, message, pieceBytes))).isEqualTo(message);
            }
            from.release();
            assertThat(reader.farthest()).isLessThan(period);
        }
    }

    @Test
    void theReaderSeesAReferenceThatReachesTooFar() {
        PerMessageDeflate from = end(Role.SERVER, true, 10);
        DeflateReader reader = new DeflateReader();
        for (byte[] message : messages()) {
            assertThat(reader.read(deflateInPieces(from, message, 70_000))).isEqualTo(message);
        }
        from.release();
        assertThat(reader.farthest()).isGreaterThan(512);
    }

    /** Bytes without order, repeated after each distance at which a window could end. */
    private static List<byte[]> messages() {
        Random random = new Random(32);
        List<byte[]> messages = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int size : SIZES) {
                messages.add(repeating(random, size, 1 << 7 + random.nextInt(9)));
                messages.add(PerMessageDeflateTest.bytesLikeText(random, size / 2));
            }
        }
        return messages;
    }

    private static byte[] repeating(Random random, int size, int about) {
        byte[] bytes = new byte[size];
        int distance = Math.max(1, about - 5 + random.nextInt(10));
        for (int i = 0; i < size; i++) {
            bytes[i] = i < distance || random.nextInt(40) == 0 ? (byte) random.nextInt() : bytes[i - distance];
        }
        return bytes;
    }
}
