package dev.duplex.netty;

import dev.duplex.api.CloseReport;
import dev.duplex.api.ClosedException;
import dev.duplex.protocol.CloseReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one connection has ended: completes with the reason as soon as those who watch have been told. Any thread may ask. */
final class Outcome extends CompletableFuture<CloseReason> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");
    private static final CloseReason LOST = new CloseReason(CloseReason.ABNORMAL, "", CloseReason.Initiator.TRANSPORT, false);

    private volatile CloseReport report;

    /** Tells all but the listener; once, on the loop. */
    void tell(CloseReport its, Origin origin, Pulse pulse) {
        report = its;
        LOG.debug("{} {}: {}", origin.opening().remoteAddress(), origin.opening().path(), its);
        FlightLog.tell(origin.opening(), its);
        tellTap(its, origin, pulse); // before anyone who waits for the end ends the program
        complete(its.reason());
    }

    private static void tellTap(CloseReport report, Origin origin, Pulse pulse) {
        if (origin.tap() == null) {
            return;
        }
        try {
            origin.tap().closed(report.reason());
            origin.tap().ended(report.toString());
        } catch (Throwable t) {
            pulse.failed("tap", origin.opening().path(), t);
        }
    }

    /** Empty before the end. */
    Optional<CloseReport> report() {
        return Optional.ofNullable(report);
    }

    /** What the connection cannot do any more fails with this. @param near the reason of an end that is still to be told; may be null */
    ClosedException exception(CloseReason near) {
        CloseReason reason = getNow(near);
        return new ClosedException(reason != null ? reason : LOST);
    }
}
