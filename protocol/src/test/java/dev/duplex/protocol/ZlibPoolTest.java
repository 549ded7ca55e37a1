package dev.duplex.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class ZlibPoolTest {
    /** One for each processor. */
    private static final int SLOTS = Math.max(4, Runtime.getRuntime().availableProcessors());

    @Test
    void whatIsGivenBackIsTakenNext() {
        Deflater deflater = ZlibPool.takeDeflater(3);
        Inflater inflater = ZlibPool.takeInflater();
        int live = ZlibPool.live();
        int idle = ZlibPool.idle();
        ZlibPool.give(deflater, 3);
        ZlibPool.give(inflater);
        assertThat(ZlibPool.idle()).isEqualTo(idle + 2);
        assertThat(ZlibPool.takeDeflater(3)).isSameAs(deflater);
        assertThat(ZlibPool.takeInflater()).isSameAs(inflater);
        assertThat(ZlibPool.live()).isEqualTo(live);
        assertThat(ZlibPool.idle()).isEqualTo(idle);
        ZlibPool.give(deflater, 3);
        ZlibPool.give(inflater);
    }

    @Test
    void theyAreCountedAsThePageOfLimitsSays() throws IOException {
        assertThat(Files.readString(PrintedDocument.testClasses().resolve("../../../docs/limits.md").normalize()))
                .contains("+  " + (ZlibPool.INFLATER_BYTES >> 10) + " KiB   while a compressed message comes in")
                .contains("+ " + (ZlibPool.DEFLATER_BYTES >> 10) + " KiB   while a message is compressed");
    }

    @Test
    void eachLevelHasItsOwnCompressors() {
        Deflater two = ZlibPool.takeDeflater(2);
        ZlibPool.give(two, 2);
        Deflater four = ZlibPool.takeDeflater(4);
        assertThat(four).isNotSameAs(two);
        ZlibPool.give(four, 4);
    }

    @Test
    void whatIsGivenBackInTheMiddleOfItsWorkBeginsAnew() throws DataFormatException {
        Deflater deflater = ZlibPool.takeDeflater(5);
        deflater.setInput(End.utf8("what the next must not see"));
        deflater.deflate(new byte[3]);
        ZlibPool.give(deflater, 5);
        Deflater next = ZlibPool.takeDeflater(5);
        byte[] out = new byte[20];
        int size = next.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        assertThat(End.hex(Arrays.copyOf(out, size))).isEqualTo("000000ffff"); // nothing but the flush
        ZlibPool.give(next, 5);

        Inflater inflater = ZlibPool.takeInflater();
        inflater.setInput(End.bytes("f248cdc9"));
        inflater.inflate(out);
        ZlibPool.give(inflater);
        Inflater anew = ZlibPool.takeInflater();
        anew.setInput(End.bytes("f248cdc9c90700")); // Hello, RFC 7692 §7.2.3.1
        assertThat(anew.inflate(out)).isEqualTo(5);
        ZlibPool.give(anew);
    }

    @Test
    void atMostOneForEachProcessorStaysIdleAndTheRestIsEnded() {
        List<Deflater> deflaters = new ArrayList<>();
        List<Inflater> inflaters = new ArrayList<>();
        int before = ZlibPool.live();
        int idle = ZlibPool.idle();
        for (int i = 0; i < SLOTS + 1; i++) {
            deflaters.add(ZlibPool.takeDeflater(7));
            inflaters.add(ZlibPool.takeInflater());
        }
        assertThat(ZlibPool.live()).as("none is forgotten, and none counted twice").isEqualTo(before + deflaters.size() + inflaters.size() - (idle - ZlibPool.idle()));
        assertThat(deflaters).doesNotHaveDuplicates();
        assertThat(inflaters).doesNotHaveDuplicates();
        int live = ZlibPool.live();
        deflaters.forEach(deflater -> ZlibPool.give(deflater, 7));
        inflaters.forEach(ZlibPool::give);
        assertThat(ZlibPool.live()).isEqualTo(live - 2);
        assertThatThrownBy(() -> deflaters.getLast().deflate(new byte[10])).hasMessage("Deflater has been closed");
        assertThatThrownBy(() -> inflaters.getLast().inflate(new byte[10])).hasMessage("Inflater has been closed");
    }
}
