package dev.duplex.lab;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What came of a feed: how many, whether each once and in order, and how long each was under way. */
final class Arrivals {
    private static final long LONGEST_NANOS = 600_000_000_000L;

    private final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private int next;
    private int count;
    private int wrong;

    /** Counts one. @param clockOffsetNanos what the sender's clock shows more than this one */
    synchronized void add(FeedMessage message, long nowNanos, long clockOffsetNanos) {
        wrong += message.sequence() == next ? 0 : 1;
        next = message.sequence() + 1;
        count++;
        latency.recordValue(Math.clamp(nowNanos + clockOffsetNanos - message.sentNanos(), 0L, LONGEST_NANOS));
    }

    synchronized int count() {
        return count;
    }

    /** How many did not follow the one before. */
    synchronized int wrong() {
        return wrong;
    }

    synchronized Latency latency() {
        return new Latency(latency.copy());
    }

    /** As one line that {@link #parse} reads. */
    synchronized String toLine() {
        ByteBuffer bytes = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
        latency.encodeIntoCompressedByteBuffer(bytes);
        bytes.flip();
        byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);
        return count + " " + wrong + " " + Base64.getEncoder().encodeToString(encoded);
    }

    /** @throws IllegalArgumentException if it is no such line */
    static Arrivals parse(String line) {
        String[] fields = line.split(" ");
        Arrivals arrivals = new Arrivals();
        try {
            arrivals.count = Integer.parseInt(fields[0]);
            arrivals.wrong = Integer.parseInt(fields[1]);
            arrivals.latency.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(fields[2])), 0));
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("the server's sum cannot be read", e);
        }
        return arrivals;
    }
}
