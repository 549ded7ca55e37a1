package dev.duplex.attacks;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/** The CPU time of the event loops: what they have worked, however long it took. */
final class LoopCpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private LoopCpu() {}

    /** Since the loops were started. */
    static Duration used() {
        return Duration.ofNanos(sum(THREADS::getThreadCpuTime));
    }

    /** What the loops have allocated on the heap since they were started: what they have copied is among it. */
    static long allocatedBytes() {
        return sum(THREADS::getThreadAllocatedBytes);
    }

    private static long sum(LongUnaryOperator ofThread) {
        return Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("duplex-"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(ofThread)
                .filter(amount -> amount > 0)
                .sum();
    }

    /**
     * Runs what is to be judged by the CPU time it takes, without the leak detector's notes of each use of a buffer: at its
     * paranoid level these are nine tenths of that time, and no server runs so.
     */
    static <T> T unwatched(Callable<T> measured) throws Exception {
        Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(Level.SIMPLE);
        try {
            return measured.call();
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    /** Whether within about a second the loops come to rest: at most 5 ms of work in 50 ms. */
    static boolean comesToRest() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Duration before = used();
            Thread.sleep(50);
            if (used().minus(before).toMillis() <= 5) {
                return true;
            }
        }
        return false;
    }
}
