package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.end;
import static dev.duplex.protocol.DeflateWire.hex;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreparedMessageTest {
    private final PerMessageDeflate deflate = end(Role.SERVER, false, 15);
    private final PreparedMessage hello = PreparedMessage.of(Message.text("Hello"));

    private final int lentBefore = ZlibPool.live() - ZlibPool.idle();

    @AfterEach
    void everyCompressorIsGivenBack() {
        deflate.release();
        assertThat(ZlibPool.live() - ZlibPool.idle()).isEqualTo(lentBefore);
    }

    @Test
    void thePlainFrameIsUnmasked() {
        assertThat(hex(hello.frame(null))).isEqualTo("81 05 48 65 6c 6c 6f");
        assertThat(hex(PreparedMessage.of(Message.binary()).frame(null))).isEqualTo("82 00");
    }

    @ParameterizedTest
    @CsvSource({"125, 82 7d", "126, 82 7e 00 7e", "65535, 82 7e ff ff", "65536, 82 7f 00 00 00 00 00 01 00 00"})
    void theLengthTakesAsFewBytesAsItCan(int length, String header) {
        byte[] frame = PreparedMessage.of(Message.binary(new byte[length])).frame(null);
        int headerBytes = frame.length - length;
        assertThat(hex(Arrays.copyOf(frame, headerBytes))).isEqualTo(header);
    }

    /** RFC 7692 §7.2.3.1. */
    @Test
    void theCompressedFrameHasRsv1() {
        assertThat(hex(hello.frame(deflate))).isEqualTo("c1 07 f2 48 cd c9 c9 07 00");
    }

    @Test
    void aFrameIsMadeOnceForAllWithTheSameWindowAndLevel() throws DataFormatException {
        byte[] text = PerMessageDeflateTest.bytesLikeText(new Random(5), 3000);
        PreparedMessage message = PreparedMessage.of(Message.binary(text));
        List<byte[]> frames = new ArrayList<>();
        for (DeflateOptions options : List.of(DeflateWire.OPTIONS, DeflateWire.OPTIONS.withLevel(1))) {
            for (int windowBits : new int[] {9, 15, 9, 15}) {
                PerMessageDeflate to = end(Role.CLIENT, false, windowBits);
                byte[] frame = message.frame(end(Role.SERVER, false, windowBits, options));
                assertThat(DeflateWire.inflate(to, Arrays.copyOfRange(frame, 4, frame.length))).isEqualTo(text);
                frames.add(frame);
            }
        }
        assertThat(frames.stream().map(DeflateWire::hex).distinct()).hasSize(4);
        assertThat(frames.get(2)).isEqualTo(frames.get(0));
        assertThat(frames.get(7)).isEqualTo(frames.get(5));
    }

    @Test
    void whatIsNotToBeCompressedGoesPlain() {
        PerMessageDeflate large = end(Role.SERVER, false, 15, DeflateOptions.defaults());
        assertThat(hello.frame(large)).isEqualTo(hello.frame(null));
        PreparedMessage secret = PreparedMessage.of(Message.text("Hello").uncompressed());
        assertThat(secret.frame(deflate)).isEqualTo(hello.frame(null));
    }

    @Test
    void withContextTakeoverEachConnectionCompressesForItself() {
        PerMessageDeflate keeping = end(Role.SERVER, true, 15);
        assertThat(hello.frame(keeping)).isNull();
        assertThat(PreparedMessage.of(Message.text("Hello").uncompressed()).frame(keeping)).isNotNull();
    }

    @Test
    void aConnectionInTheMiddleOfAMessageIsNotDisturbed() {
        ByteBuffer first = deflate.deflate("Hel".getBytes(US_ASCII), 0, 3, false);
        assertThat(hex(hello.frame(deflate))).isEqualTo("c1 07 f2 48 cd c9 c9 07 00");
        assertThat(first.remaining()).isPositive();
        deflate.release();
        assertThat(PreparedMessage.of(Message.text("Hello")).frame(deflate)).hasSize(9);
    }

    @Test
    void everyConnectionIsGivenTheSameArray() {
        assertThat(hello.frame(null)).isSameAs(hello.frame(null));
        assertThat(hello.frame(deflate)).isSameAs(hello.frame(deflate));
    }

    @Test
    void anyThreadMayAsk() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            PreparedMessage shared = PreparedMessage.of(Message.text("Hello"));
            List<String> seen = Collections.synchronizedList(new ArrayList<>());
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                int windowBits = 14 + i % 2;
                threads[i] = Thread.ofPlatform().start(() -> seen.add(
                        hex(shared.frame(end(Role.SERVER, false, windowBits))) + hex(shared.frame(null))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(seen).hasSize(4).containsOnly("c1 07 f2 48 cd c9 c9 07 00" + "81 05 48 65 6c 6c 6f");
        }
    }
}
