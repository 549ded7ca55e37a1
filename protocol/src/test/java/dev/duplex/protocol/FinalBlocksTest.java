package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §7.2.3.4: blocks with BFINAL end neither the message nor the window. */
class FinalBlocksTest {
    private static final byte[] EMPTY_FINAL_BLOCK = {3, 0};

    /** Compressed after {@code before}, which it may refer to; as a final block or up to a flush. */
    private static byte[] compressed(byte[] before, byte[] what, boolean isFinal) {
        Deflater deflater = new Deflater(9, true);
        deflater.setDictionary(before);
        deflater.setInput(what);
        if (isFinal) {
            deflater.finish();
        }
        byte[] out = new byte[what.length + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size);
    }

    /** Every part says what the one before said, so that nothing can be forgotten unnoticed, wherever the payload is cut. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatComesBehindAFinalBlockMayReferToAllBeforeIt(boolean takeover) throws DataFormatException {
        byte[] noise = new byte[700];
        new Random(7).nextBytes(noise);
        byte[] payload = End.join(compressed(new byte[0], noise, false), compressed(noise, noise, true),
                compressed(End.join(noise, noise), noise, true), compressed(End.join(noise, noise, noise), noise, false));
        assertThat(payload.length).as("the later parts are references").isLessThan(1100);
        byte[] sent = Arrays.copyOf(payload, payload.length - 4); // the tail of the flush is not sent
        byte[] expected = End.join(noise, noise, noise, noise);
        for (int fragment : new int[] {1, 7, 64, 700, 720, 800, sent.length}) {
            for (int step : new int[] {1, 13, 256, 700, 1400, 4096}) {
                PerMessageDeflate to = DeflateWire.end(Role.SERVER, takeover, 15);
                assertThat(DeflateWire.inflate(to, sent, fragment, step)).as("%d, %d", fragment, step).isEqualTo(expected);
                assertThat(DeflateWire.inflate(to, sent, fragment, step)).as("again: %d, %d", fragment, step).isEqualTo(expected);
            }
        }
    }

    private static byte[] emptyFinalBlocks(int number, byte[] before) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before);
        for (int i = 0; i < number; i++) {
            all.writeBytes(EMPTY_FINAL_BLOCK);
        }
        all.write(0);
        return all.toByteArray();
    }

    /** 1,024 are free; the 68 others were earned by 2,185 bytes. */
    @Test
    void aFloodOfFinalBlocksIsStoppedAtItsFirstTooMany() throws DataFormatException {
        assertThat(DeflateWire.inflate(DeflateWire.end(Role.SERVER, false, 15), emptyFinalBlocks(1092, new byte[0]))).isEmpty();
        assertThatThrownBy(() -> DeflateWire.inflate(DeflateWire.end(Role.SERVER, false, 15), emptyFinalBlocks(1093, new byte[0])))
                .isInstanceOf(DataFormatException.class).hasMessageContaining("final blocks");
    }

    /** The 281 others were earned by 3,205 + 2,611 bytes that came and 3,200 that were inflated. */
    @Test
    void each32BytesThatCameOrWereInflatedEarnOneMore() throws DataFormatException {
        byte[] stored = new byte[5 + 3200];
        System.arraycopy(End.bytes("00 80 0c 7f f3"), 0, stored, 0, 5);
        assertThat(DeflateWire.inflate(DeflateWire.end(Role.SERVER, false, 15), emptyFinalBlocks(1305, stored))).hasSize(3200);
        assertThatThrownBy(() -> DeflateWire.inflate(DeflateWire.end(Role.SERVER, false, 15), emptyFinalBlocks(1306, stored)))
                .isInstanceOf(DataFormatException.class);
    }
}
