package dev.duplex.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Any bytes as a response of the fallback: the same for every cut, never more at once than is read, and what was read can be written again. */
class RecordsFuzzTest {
    private enum End { TOLD, CUT, WRONG }

    /** What a response brought, and how it ended. */
    private record Read(byte[] bytes, End end) {
        void assertSame(Read other) {
            assertThat(bytes).isEqualTo(other.bytes);
            assertThat(end).isEqualTo(other.end);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void recordsMeanTheSameHoweverTheyAreCut(FuzzedDataProvider data) {
        int[] cuts = {data.consumeInt(1, 9), data.consumeInt(1, 300)};
        byte[] input = data.consumeRemainingAsBytes();
        Read read = sameForEveryCut(Delivery.STREAM, input, cuts);
        read.assertSame(byHand(input));
        canBeWrittenAgain(Delivery.STREAM, read, cuts);
    }

    @FuzzTest(maxDuration = "60s")
    void eventsMeanTheSameHoweverTheyAreCut(FuzzedDataProvider data) {
        int[] cuts = {data.consumeInt(1, 9), data.consumeInt(1, 300)};
        canBeWrittenAgain(Delivery.EVENTS, sameForEveryCut(Delivery.EVENTS, data.consumeRemainingAsBytes(), cuts), cuts);
    }

    private static Read sameForEveryCut(Delivery delivery, byte[] input, int... cuts) {
        Read whole = read(delivery, new ByteArrayInputStream(input));
        assertThat(whole.bytes()).as("no more than came").hasSizeLessThanOrEqualTo(input.length);
        read(delivery, pieces(input, cuts)).assertSame(whole);
        return whole;
    }

    private static Read read(Delivery delivery, InputStream body) {
        RecordReader reader = new RecordReader(delivery, body);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            byte[] piece = reader.next();
            while (piece != null) {
                all.writeBytes(piece);
                piece = reader.next();
            }
            return new Read(all.toByteArray(), End.TOLD);
        } catch (EOFException cut) {
            return new Read(all.toByteArray(), End.CUT);
        } catch (IOException wrong) {
            return new Read(all.toByteArray(), End.WRONG);
        }
    }

    /** As {@link Records} draws it. */
    private static Read byHand(byte[] input) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer left = ByteBuffer.wrap(input);
        while (left.remaining() >= Integer.BYTES) {
            int length = left.getInt();
            if (length < 0) {
                return new Read(all.toByteArray(), length == -1 ? End.TOLD : End.WRONG);
            }
            int there = Math.min(length, left.remaining());
            all.write(input, left.position(), there);
            left.position(left.position() + there);
        }
        return new Read(all.toByteArray(), End.CUT);
    }

    private static void canBeWrittenAgain(Delivery delivery, Read read, int... cuts) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        byte[] bytes = read.bytes();
        for (int at = 0; at < bytes.length; at += cuts[1]) {
            int end = Math.min(bytes.length, at + cuts[1]);
            written.writeBytes(Records.piece(delivery, Arrays.copyOfRange(bytes, at, end), end));
            written.writeBytes(Records.alive(delivery));
        }
        read(delivery, new ByteArrayInputStream(written.toByteArray())).assertSame(new Read(bytes, End.CUT));
        written.writeBytes(Records.end(delivery));
        read(delivery, new ByteArrayInputStream(written.toByteArray())).assertSame(new Read(bytes, End.TOLD));
    }

    /** Gives no more at once than the sizes say, again and again. */
    private static InputStream pieces(byte[] input, int... sizes) {
        return new ByteArrayInputStream(input) {
            private int turn;

            @Override
            public int read(byte[] into, int from, int most) {
                return super.read(into, from, Math.min(most, sizes[turn++ % sizes.length]));
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }
}
