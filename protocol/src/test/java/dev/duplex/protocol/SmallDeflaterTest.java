package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallDeflaterTest {
    private static final byte[] TAIL = {0, 0, -1, -1};

    private final SmallDeflater deflater = new SmallDeflater();

    /** What messages are made of. */
    private enum Kind {
        JSON {
            @Override
            byte[] of(int length, Random random) {
                StringBuilder text = new StringBuilder("[");
                while (text.length() < length) {
                    text.append("{\"id\":").append(text.length()).append(",\"price\":").append(random.nextInt(100_000) / 100.0).append("},");
                }
                return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), length);
            }
        },
        KOREAN {
            @Override
            byte[] of(int length, Random random) {
                StringBuilder text = new StringBuilder();
                while (text.length() < length) {
                    text.append((char) (0xAC00 + random.nextInt(300))).append(random.nextInt(4) == 0 ? " " : "");
                }
                return Arrays.copyOf(text.toString().getBytes(StandardCharsets.UTF_8), length);
            }
        },
        ONE_BYTE {
            @Override
            byte[] of(int length, Random random) {
                return new byte[length];
            }
        },
        FEW_BYTES {
            @Override
            byte[] of(int length, Random random) {
                byte[] bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (random.nextGaussian() * 5);
                }
                return bytes;
            }
        },
        NO_PATTERN {
            @Override
            byte[] of(int length, Random random) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                return bytes;
            }
        },
        REPEATED_FAR_AWAY {
            @Override
            byte[] of(int length, Random random) {
                byte[] bytes = NO_PATTERN.of(length, random);
                System.arraycopy(bytes, 0, bytes, length - length / 3, length / 3);
                return bytes;
            }
        };

        abstract byte[] of(int length, Random random);
    }

    @Test
    void helloIsWrittenAsInTheRfc() {
        ByteBuffer payload = deflater.deflate("Hello".getBytes(StandardCharsets.US_ASCII), 0, 5, 6);
        assertThat(payload).isEqualTo(ByteBuffer.wrap(HexFormat.of().parseHex("f248cdc9c90700")));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everySmallMessageComesBackFromTheJdk(Kind kind) throws DataFormatException {
        Random random = new Random(kind.ordinal());
        for (int length = 1; length <= SmallDeflater.MAX_BYTES; length += 1 + length / 16) {
            comesBack(kind.of(length, random), 1 + random.nextInt(9));
        }
        comesBack(kind.of(SmallDeflater.MAX_BYTES, random), 6);
    }

    private void comesBack(byte[] bytes, int level) throws DataFormatException {
        byte[] padded = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, padded, 4, bytes.length);
        ByteBuffer payload = deflater.deflate(padded, 4, bytes.length, level);
        byte[] withTail = ByteBuffer.allocate(payload.remaining() + TAIL.length).put(payload).put(TAIL).array();
        Inflater inflater = new Inflater(true);
        inflater.setInput(withTail);
        byte[] inflated = new byte[bytes.length + 1];
        int length = inflater.inflate(inflated);
        assertThat(Arrays.copyOf(inflated, length)).isEqualTo(bytes);
        assertThat(inflater.getRemaining()).isZero();
        assertThat(inflater.finished()).as("after a final block").isFalse();
        inflater.end();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void itIsAboutAsSmallAsZlibsAtTheSameLevel(Kind kind) {
        for (int level = 1; level <= 9; level++) {
            for (int length : new int[] {64, 512, 2048, SmallDeflater.MAX_BYTES}) {
                byte[] bytes = kind.of(length, new Random(length));
                assertThat(deflater.deflate(bytes, 0, length, level).remaining())
                        .as("%s, %d bytes, level %d", kind, length, level)
                        .isLessThanOrEqualTo(zlibs(bytes, level) * 105 / 100 + 1);
            }
        }
    }

    private static int zlibs(byte[] bytes, int level) {
        Deflater zlib = new Deflater(level, true);
        zlib.setInput(bytes);
        int length = zlib.deflate(new byte[2 * bytes.length + 64], 0, 2 * bytes.length + 64, Deflater.SYNC_FLUSH);
        zlib.end();
        return length - TAIL.length;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 300, SmallDeflater.MAX_BYTES})
    void whatDoesNotShrinkIsStored(int length) {
        byte[] bytes = Kind.NO_PATTERN.of(length, new Random(1));
        assertThat(deflater.deflate(bytes, 0, length, 6).remaining()).isLessThanOrEqualTo(length + 6);
    }

    @Test
    void nothingOfAMessageGoesIntoTheNext() {
        byte[] bytes = Kind.JSON.of(700, new Random(1));
        ByteBuffer first = deflater.deflate(bytes, 0, bytes.length, 6);
        deflater.deflate(Kind.JSON.of(SmallDeflater.MAX_BYTES, new Random(2)), 0, SmallDeflater.MAX_BYTES, 6);
        deflater.deflate(Kind.FEW_BYTES.of(3000, new Random(3)), 0, 3000, 6);
        assertThat(deflater.deflate(bytes, 0, bytes.length, 6)).isEqualTo(first);
    }
}
