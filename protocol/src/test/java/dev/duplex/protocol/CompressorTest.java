package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressorTest {
    private static final int MAX = 50_000;

    @Test
    void whatWouldBeLargerThanAnArrayIsRefusedAndNothingLaterRefersToIt() throws DataFormatException {
        Compressor compressor = new Compressor(6, 15, true, MAX);
        PerMessageDeflate peer = DeflateWire.end(Role.CLIENT, true, 15);
        byte[] before = End.utf8("common words before");
        assertThat(DeflateWire.inflate(peer, deflate(compressor, before, true))).isEqualTo(before);

        byte[] noise = noise(MAX);
        assertThatThrownBy(() -> deflate(compressor, noise, true)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in parts, or uncompressed");

        byte[] after = End.join(before, java.util.Arrays.copyOf(noise, 1000));
        assertThat(DeflateWire.inflate(peer, deflate(compressor, after, true))).isEqualTo(after);
        compressor.release();
        peer.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX - 100, 20_000, 8192, 100})
    void whatStaysBelowIsCompressedHoweverLittleItShrinks(int bytes) throws DataFormatException {
        Compressor compressor = new Compressor(6, 15, false, MAX);
        byte[] noise = noise(bytes);
        PerMessageDeflate peer = DeflateWire.end(Role.CLIENT, false, 15);
        assertThat(DeflateWire.inflate(peer, deflate(compressor, noise, true))).isEqualTo(noise);
    }

    @Test
    void anEmptyPieceInsideAMessageIsNothing() {
        Compressor compressor = new Compressor(6, 15, false);
        assertThat(deflate(compressor, new byte[0], false)).isEmpty();
        assertThat(deflate(compressor, new byte[0], true)).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000})
    void nothingIsCompressedAfterTheRelease(int bytes) {
        Compressor compressor = new Compressor(6, 15, false);
        compressor.release();
        assertThatThrownBy(() -> deflate(compressor, noise(bytes), true)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the compression of this connection has been released");
    }

    @Test
    void whatCompressesSmallMessagesIsUsedAgain() {
        SmallDeflater before = ZlibPool.takeSmallDeflater();
        ZlibPool.give(before);
        deflate(new Compressor(6, 15, false), noise(100), true);
        SmallDeflater after = ZlibPool.takeSmallDeflater();
        ZlibPool.give(after);
        assertThat(after).isSameAs(before);
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    private static byte[] deflate(Compressor compressor, byte[] bytes, boolean isLast) {
        ByteBuffer small = compressor.deflate(bytes, 0, bytes.length, isLast);
        byte[] payload = new byte[small.remaining()];
        small.get(payload);
        return payload;
    }
}
