package dev.duplex.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many connections this process can have file descriptors for. */
final class Capacity {
    /** Files that the process needs for itself: jars, logs, pages being served. */
    private static final long OWN_FILES = 100;

    private Capacity() {}

    static int connections() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() - OWN_FILES
                : Long.MAX_VALUE;
        return Math.clamp(files, 1, Integer.MAX_VALUE);
    }
}
