package dev.duplex.protocol;

import static dev.duplex.protocol.DeflateWire.deflate;
import static dev.duplex.protocol.DeflateWire.end;
import static dev.duplex.protocol.DeflateWire.hex;
import static dev.duplex.protocol.DeflateWire.inflate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateMemoryTest {
    private static final byte[] TEXT = PerMessageDeflateTest.bytesLikeText(new Random(1), 2000);

    private final int lentBefore = lent();

    @AfterEach
    void nothingIsLeftOver() {
        assertThat(lent()).isEqualTo(lentBefore);
    }

    @Test
    void aConnectionHoldsNothingBeforeItsFirstMessage() {
        PerMessageDeflate end = end(Role.SERVER, true, 15);
        assertThat(lent()).isEqualTo(lentBefore);
        deflate(end, TEXT);
        assertThat(lent()).isEqualTo(lentBefore + 1);
        end.release();
    }

    @Test
    void withoutTakeoverAnIdleConnectionHoldsNothing() throws DataFormatException {
        PerMessageDeflate end = end(Role.SERVER, false, 15);
        byte[] payload = deflate(end, TEXT);
        assertThat(lent()).isEqualTo(lentBefore);
        assertThat(inflate(end, payload)).isEqualTo(TEXT);
        assertThat(lent()).isEqualTo(lentBefore);
    }

    @Test
    void withTakeoverTheInflaterIsLentForAMessageOnly() throws DataFormatException {
        PerMessageDeflate from = end(Role.CLIENT, true, 15);
        PerMessageDeflate to = end(Role.SERVER, true, 15);
        byte[] payload = deflate(from, TEXT);
        from.release();
        assertThat(inflate(to, payload)).isEqualTo(TEXT);
        assertThat(lent()).isEqualTo(lentBefore);
        to.release();
    }

    @Test
    void aCompressorDoesNotHoldTheMessageThatItCompressed() {
        PerMessageDeflate end = end(Role.SERVER, true, 15);
        WeakReference<byte[]> message = new WeakReference<>(new byte[1 << 20]);
        deflate(end, message.get());
        for (int i = 0; i < 20 && message.get() != null; i++) {
            System.gc();
        }
        assertThat(message.get()).isNull();
        end.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void releaseInTheMiddleOfAMessageFreesAll(boolean takeover) throws DataFormatException {
        PerMessageDeflate end = end(Role.SERVER, takeover, 15);
        dropInTheMiddle(end);
        end.release();
        end.release();
        assertThatThrownBy(() -> deflate(end, TEXT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> inflate(end, hex("00"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anErrorFreesAllAndSpoilsNothingForOthers() throws DataFormatException {
        for (int i = 0; i < 100; i++) {
            PerMessageDeflate bad = end(Role.SERVER, i % 2 == 0, 15);
            assertThatThrownBy(() -> inflate(bad, hex("f2 48 07"))).isInstanceOf(DataFormatException.class);
            bad.release();
            PerMessageDeflate good = end(Role.SERVER, false, 15);
            assertThat(inflate(good, deflate(good, TEXT))).isEqualTo(TEXT);
        }
    }

    @Test
    void fiveThousandConnectionsDroppedInTheMiddleLeaveNoNativeMemory() throws Exception {
        dropConnections(100);
        long before = residentKib();
        dropConnections(5000);
        assertThat(ZlibPool.idle()).isLessThanOrEqualTo(11 * Math.max(4, Runtime.getRuntime().availableProcessors()));
        // Leaked, they would hold 1.4 GiB.
        assertThat(residentKib() - before).isLessThan(200 * 1024);
    }

    private static void dropConnections(int count) throws DataFormatException {
        for (int done = 0; done < count; done += 50) {
            List<PerMessageDeflate> open = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                PerMessageDeflate end = end(Role.SERVER, i % 2 == 0, 15);
                dropInTheMiddle(end);
                open.add(end);
            }
            open.forEach(PerMessageDeflate::release);
        }
    }

    private static void dropInTheMiddle(PerMessageDeflate end) throws DataFormatException {
        end.deflate(TEXT, 0, TEXT.length, false);
        byte[] begun = hex("f2 48 cd c9 c9 07 00 00 00 ff ff");
        end.feed(begun, 0, begun.length, false);
        assertThat(end.inflate(new byte[100], 0, 100)).isEqualTo(5);
    }

    private static int lent() {
        return ZlibPool.live() - ZlibPool.idle();
    }

    private static long residentKib() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0; // the count of compressors says it too
        }
        String line = Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    @Test
    void threadsShareThePoolWithoutLosingAnything() throws InterruptedException {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            byte[] own = PerMessageDeflateTest.bytesLikeText(new Random(t), 300 + t);
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 2000; i++) {
                        PerMessageDeflate end = end(Role.SERVER, false, 15);
                        assertThat(inflate(end, deflate(end, own))).isEqualTo(own);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    /** 64 KiB that inflate to 64 MiB: taken step by step, nothing but the step is held. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBombIsReadInSteps(boolean takeover) throws DataFormatException {
        byte[] bomb = bomb(64 << 20);
        assertThat(bomb.length).isLessThan(70_000);
        PerMessageDeflate end = end(Role.SERVER, takeover, 15);
        byte[] step = new byte[16 * 1024];
        long before = heldBytes();
        end.feed(bomb, 0, bomb.length, true);
        long total = 0;
        for (int got = end.inflate(step, 0, step.length); got > 0; got = end.inflate(step, 0, step.length)) {
            total += got;
            if (total % (16 << 20) == 0) {
                assertThat(heldBytes() - before).isLessThan(1 << 20);
            }
        }
        assertThat(total).isEqualTo(64 << 20);
        end.release();
    }

    @Test
    void inflationStopsAtTheByteThatWasAllowed() throws DataFormatException {
        byte[] bomb = bomb(1 << 20);
        PerMessageDeflate end = end(Role.SERVER, false, 15);
        end.feed(bomb, 0, bomb.length, true);
        byte[] into = new byte[1002];
        into[0] = 7;
        into[1001] = 7;
        assertThat(end.inflate(into, 1, 1000)).isEqualTo(1000);
        assertThat(into[0]).isEqualTo((byte) 7);
        assertThat(into[1001]).isEqualTo((byte) 7);
        assertThatThrownBy(() -> end.inflate(into, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        end.release();
    }

    static byte[] bomb(int bytes) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(new byte[bytes]);
        byte[] out = new byte[70_000];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }

    private static long heldBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
