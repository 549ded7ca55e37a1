package dev.duplex.attacks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.stream.Stream;

/** The CPU time of the event loops: what they have worked, however long it took. */
final class LoopCpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LoopCpu() {}

    /** Since the loops were started. */
    static Duration used() {
        long nanos = Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("duplex-"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadCpuTime)
                .filter(time -> time > 0)
                .sum();
        return Duration.ofNanos(nanos);
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
