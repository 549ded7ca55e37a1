package dev.duplex.netty;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Tells the log what an application's code throws, so that a peer who makes it throw all the time does not fill a disk.
 *
 * <p>In a second each fault is told in full once and then in a line, ten times in all; the rest is counted. One for each event
 * loop, used on it alone.
 */
final class FailureLog {
    static final int MOST_A_SECOND = 10;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BiConsumer<String, Throwable> log;
    private final Set<String> toldInFull = new HashSet<>();
    private boolean isCounting;
    private long sinceNanos;
    private int told;
    private long untold;

    /** @param log takes a line, and what belongs below it or null */
    FailureLog(BiConsumer<String, Throwable> log) {
        this.log = log;
    }

    /**
     * Tells of one failure.
     *
     * @param what of the application's, such as "listener"
     * @param path where the peer had asked for it
     */
    void tell(String what, String path, Throwable failure, long nowNanos) {
        tell(what + " at " + Failures.shown(path), failure, nowNanos);
    }

    /** The same of what stands at no path. */
    void tell(String what, Throwable failure, long nowNanos) {
        if (!mayTell(nowNanos)) {
            return;
        }
        if (toldInFull.add(fault(failure))) {
            log.accept("the " + what + " failed", failure);
        } else {
            log.accept("the " + what + " failed again: " + failure.getClass().getName(), null);
        }
    }

    /** Tells of what is nobody's exception, in a line. */
    void tell(String line, long nowNanos) {
        if (mayTell(nowNanos)) {
            log.accept(line, null);
        }
    }

    private boolean mayTell(long nowNanos) {
        beat(nowNanos);
        if (!isCounting) {
            isCounting = true;
            sinceNanos = nowNanos;
        }
        if (told == MOST_A_SECOND) {
            untold++;
            return false;
        }
        told++;
        return true;
    }

    /** Begins anew when a second is over. */
    void beat(long nowNanos) {
        if (!isCounting || nowNanos - sinceNanos < SECOND_NANOS) {
            return;
        }
        if (untold > 0) {
            log.accept(untold + " more failures were not told", null);
        }
        isCounting = false;
        told = 0;
        untold = 0;
        toldInFull.clear();
    }

    /** The same type from the same line is the same fault. */
    private static String fault(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
