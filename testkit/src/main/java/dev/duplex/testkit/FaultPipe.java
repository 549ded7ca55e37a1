package dev.duplex.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;

/**
 * One way of a connection in memory, with the faults of a {@link FaultProxy} under a time that the test gives.
 *
 * <p>For engines that need no socket: write what one end sent, let time pass, read what has arrived. Not thread-safe.
 */
public final class FaultPipe {
    private final Faults faults = new Faults();
    private final Passage passage;
    private final LongSupplier nanoTime;
    private final Queue<Passage.Parcel> underWay = new ArrayDeque<>();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Fault end;

    /**
     * A pipe without a fault.
     *
     * @param nanoTime in nanoseconds, such as a {@link FakeTime}
     * @param seed of the jitter: the same seed gives the same times
     */
    public FaultPipe(LongSupplier nanoTime, long seed) {
        this.nanoTime = nanoTime;
        passage = new Passage(faults, seed);
    }

    /** What the bytes suffer on their way. */
    public Faults faults() {
        return faults;
    }

    /** Sends bytes. */
    public void write(byte[] bytes) {
        held.writeBytes(bytes);
        moveOn();
    }

    /** What has arrived since the last call. */
    public byte[] read() {
        moveOn();
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        while (end == null && !underWay.isEmpty() && underWay.peek().dueNanos() <= nanoTime.getAsLong()) {
            Passage.Parcel parcel = underWay.remove();
            if (parcel.fault() != null) {
                end = parcel.fault();
            } else {
                arrived.writeBytes(parcel.bytes());
            }
        }
        return arrived.toByteArray();
    }

    /** How this way has ended for the reader, once everything before it was read; empty while it stands, or seems to. */
    public Optional<Fault> end() {
        return Optional.ofNullable(end);
    }

    /** How many bytes the sender still holds, because the other end does not read. */
    public int unreadBytes() {
        return held.size();
    }

    private void moveOn() {
        byte[] bytes = held.toByteArray();
        held.reset();
        int clear = passage.clear(bytes.length);
        if (clear > 0) {
            underWay.add(passage.pass(bytes, 0, clear, nanoTime.getAsLong()));
        }
        if (clear == bytes.length) {
            return;
        }
        if (faults.stopsReading(passage.passedBytes())) {
            held.write(bytes, clear, bytes.length - clear);
            return;
        }
        Passage.Parcel fault = passage.fault(nanoTime.getAsLong());
        if (fault != null) {
            underWay.add(fault);
        }
    }
}
