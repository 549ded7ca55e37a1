package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.end;
import static dev.duplex.protocol.DeflateWire.hex;
import static dev.duplex.protocol.DeflateWire.inflate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other compressors than ours send. */
class DecompressorTest {
    private static final String[] EMPTY_BLOCKS = {"00 00 00 ff ff", "01 00 00 ff ff", "03 00", "02 00 00 00 ff ff"};

    private final Random random = new Random(1951);
    /** All that was sent, to which a peer that keeps its context may refer. */
    private byte[] history = {};

    @Rfc(number = 7692, section = "7.2.2", rule = "blocks of any kind, final or not, are read in any order")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void blocksOfAnyKindInAnyOrderAreRead(boolean takeover) throws DataFormatException {
        PerMessageDeflate to = end(Role.CLIENT, takeover, 15);
        for (int i = 0; i < 600; i++) {
            if (!takeover) {
                history = new byte[0];
            }
            int start = history.length;
            byte[] payload = blocks(random.nextInt(6));
            byte[] message = Arrays.copyOfRange(history, start, history.length);
            int fragment = 1 + random.nextInt(payload.length);
            int step = 1 + random.nextInt(1 + random.nextInt(20_000));
            assertThat(inflate(to, payload, fragment, step)).as("message %d", i).isEqualTo(message);
            history = Arrays.copyOfRange(history, Math.max(0, history.length - 40_000), history.length);
        }
        to.release();
    }

    private byte[] blocks(int count) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(4) == 0) {
                payload.writeBytes(hex(EMPTY_BLOCKS[random.nextInt(EMPTY_BLOCKS.length)]));
            } else {
                payload.writeBytes(block());
            }
        }
        payload.write(0);
        return payload.toByteArray();
    }

    /** Compressed at some level, final or not, with references to all that came before. */
    private byte[] block() {
        byte[] bytes = PerMessageDeflateTest.bytesLikeText(random, random.nextInt(1 << random.nextInt(15)));
        for (int copies = random.nextInt(3); copies > 0 && history.length > 300 && bytes.length > 300; copies--) {
            System.arraycopy(history, random.nextInt(history.length - 300), bytes, random.nextInt(bytes.length - 300), 300);
        }
        Deflater deflater = new Deflater(random.nextInt(10), true);
        deflater.setDictionary(history, Math.max(0, history.length - 32_768), Math.min(history.length, 32_768));
        deflater.setInput(bytes);
        byte[] out = new byte[bytes.length + 1000];
        int size;
        if (random.nextBoolean()) {
            deflater.finish();
            size = deflater.deflate(out);
        } else {
            size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        }
        deflater.end();
        int before = history.length;
        history = Arrays.copyOf(history, before + bytes.length);
        System.arraycopy(bytes, 0, history, before, bytes.length);
        return Arrays.copyOf(out, size);
    }

    /** Whatever is accepted reads the same with a reader that shares nothing with zlib; all else is refused and ends. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damagedPayloadsAreRefusedOrReadAsTheyStand(boolean takeover) {
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            history = new byte[0];
            byte[] payload = damaged(blocks(1 + random.nextInt(2)));
            PerMessageDeflate to = end(Role.CLIENT, takeover, 15);
            try {
                byte[] message = inflate(to, payload, 1 + random.nextInt(payload.length), 1 + random.nextInt(3000));
                assertThat(message).isEqualTo(readAsItStands(payload));
                accepted++;
            } catch (DataFormatException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            } finally {
                to.release();
            }
        }
        assertThat(accepted).isBetween(100, 7_500);
    }

    private byte[] damaged(byte[] payload) {
        byte[] damaged = Arrays.copyOf(payload, Math.max(1, payload.length - random.nextInt(3)));
        if (random.nextInt(3) > 0) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    private static byte[] readAsItStands(byte[] payload) {
        try {
            return new DeflateReader().read(payload);
        } catch (RuntimeException e) {
            // A stream that was finished lacks the empty block's first byte.
            return new DeflateReader().read(Arrays.copyOf(payload, payload.length + 1));
        }
    }

    @Rfc(number = 7692, section = "7.2.2", rule = "a reference may reach to the far edge of the window, across messages")
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void aReferenceToTheFarEdgeOfTheWindowIsRead(int windowBits) throws DataFormatException {
        PerMessageDeflate to = end(Role.SERVER, true, windowBits);
        int window = 1 << windowBits;
        byte[] all = new byte[8 * window + 5];
        random.nextBytes(all);
        int size = 0;
        while (size < all.length) {
            int piece = Math.min(all.length - size, 1 + random.nextInt(Math.min(window, 65_535)));
            assertThat(inflate(to, stored(Arrays.copyOfRange(all, size, size + piece)))).hasSize(piece);
            size += piece;
        }
        byte[] expected = Arrays.copyOfRange(all, size - window, size - window + 3);
        assertThat(inflate(to, threeBytesFrom(windowBits))).isEqualTo(expected);
        to.release();
    }

    @ParameterizedTest
    @CsvSource({"8, 9", "9, 10", "10, 15", "14, 15"})
    void aReferenceBeyondTheWindowIsRefused(int windowBits, int reach) throws DataFormatException {
        PerMessageDeflate to = end(Role.SERVER, true, windowBits);
        assertThat(inflate(to, stored(new byte[40_000]))).hasSize(40_000);
        assertThatThrownBy(() -> inflate(to, threeBytesFrom(reach))).isInstanceOf(DataFormatException.class);
        to.release();
    }

    private static byte[] stored(byte[] bytes) {
        byte[] block = new byte[bytes.length + 6];
        block[1] = (byte) bytes.length;
        block[2] = (byte) (bytes.length >> 8);
        block[3] = (byte) ~bytes.length;
        block[4] = (byte) (~bytes.length >> 8);
        System.arraycopy(bytes, 0, block, 5, bytes.length);
        return block;
    }

    /** A block with fixed codes, length 3, distance 2^bits (RFC 1951 §3.2.6): its lowest bits come first. */
    private static byte[] threeBytesFrom(int bits) {
        int length = 0b1000000; // 0000001, the highest bit first
        long distance = Integer.reverse(2 * bits - 1) >>> 27 | ((1L << bits - 2) - 1) << 5;
        long block = 0b010 | length << 3 | distance << 10; // the end of the block, and the next one's header, are zeros
        byte[] bytes = new byte[(10 + 5 + bits - 2 + 7 + 3 + 7) / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (block >> 8 * i);
        }
        return bytes;
    }
}
