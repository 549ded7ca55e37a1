package dev.duplex.attacks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's leak detector, which here tells the tests of each buffer that nobody released. */
public final class Leaks<T> extends ResourceLeakDetector<T> {
    private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

    /** As Netty calls it. */
    public Leaks(Class<T> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** As Netty looks for, too, though it calls the other. */
    public Leaks(Class<T> resourceType, int samplingInterval, long ignored) {
        super(resourceType, samplingInterval);
    }

    /** What was lost since the last call. */
    static List<String> reported() throws InterruptedException {
        // A lost buffer is told when it has been collected and another one is made.
        for (int i = 0; i < 2; i++) {
            System.gc();
            Thread.sleep(10);
            ByteBufAllocator.DEFAULT.buffer(1).release();
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        List<String> reports = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            reports.add(report);
        }
        return reports;
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        REPORTS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        REPORTS.add(resourceType);
    }
}
