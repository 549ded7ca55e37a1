package dev.duplex.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many connections this process can hold. */
final class Capacity {
    /** Heap and direct memory for a connection with something to do; an idle one takes far less. */
    private static final long BYTES_EACH = 16 * 1024;

    /** Files that the process needs for itself: jars, logs, pages being served. */
    private static final long OWN_FILES = 100;

    private Capacity() {}

    static int connections() {
        long byMemory = Runtime.getRuntime().maxMemory() / BYTES_EACH;
        long byFiles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() - OWN_FILES
                : Long.MAX_VALUE;
        return Math.clamp(Math.min(byMemory, byFiles), 1, Integer.MAX_VALUE);
    }
}
