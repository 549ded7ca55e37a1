package dev.duplex.load;

import dev.duplex.proxy.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a load measured.
 *
 * @param plan what it was to be
 * @param elapsed how long was measured
 * @param count messages echoed, deliveries, handshakes, or for an idle load the connections opened
 * @param sentCount messages sent in the time measured; only with a rate it can differ from what came back
 * @param compressedCount answers that came compressed
 * @param unanswered messages sent in the time measured whose answer did not come in the time given afterwards
 * @param wrong answers that were not what was sent
 * @param lost connections that ended by themselves, or could not be opened again
 * @param faults what went wrong, each kind once
 * @param ownCpu processor time that this process took while it measured: near {@code elapsed}, with one loop, it was itself the limit
 * @param connected connections that reached the server, behind proxy and TLS, from the first to the last: over HTTP/2 each may carry many WebSockets
 * @param latency from when a message was to be sent to when its answer was read; of a handshake, from connecting to its end
 */
public record LoadReport(
        LoadPlan plan,
        Duration elapsed,
        long count,
        long sentCount,
        long compressedCount,
        long unanswered,
        long wrong,
        long lost,
        List<String> faults,
        Duration ownCpu,
        long connected,
        Latency latency) {

    /** Whether everything went as it was to go, whatever the speed. */
    public boolean isFaultless() {
        return unanswered == 0 && wrong == 0 && lost == 0 && faults.isEmpty();
    }

    /** The part of its loops' time that this process spent working, 0 to about 1. */
    public double ownLoad() {
        return elapsed.isZero() ? 0 : (double) ownCpu.toNanos() / elapsed.toNanos() / plan.loops();
    }

    /** Messages, deliveries or handshakes a second. */
    public double perSecond() {
        return elapsed.isZero() ? 0 : count / (elapsed.toNanos() / 1e9);
    }

    /** Payload bytes received in a second. */
    public double bytesPerSecond() {
        return switch (plan.mode()) {
            case ECHO, BROADCAST -> perSecond() * plan.payload().bytes();
            case HANDSHAKE, IDLE -> 0;
        };
    }

    /** All of it as names and plain values, latencies in milliseconds, in the order to be written in. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("url", plan.uri().toString());
        map.put("mode", plan.mode().name().toLowerCase(Locale.ROOT));
        map.put("connections", plan.connections());
        map.put("http", plan.isHttp2() ? "2" : "1.1");
        map.put("transportConnections", connected);
        switch (plan.via()) {
            case Via.Direct direct -> { }
            case Via.Through(Proxy proxy) -> map.put("proxy", proxy.where());
            case Via.Unix(String path) -> map.put("unix", path);
        }
        if (plan.mode().hasMessages()) {
            map.put("messageBytes", plan.payload().bytes());
            map.put("messageKind", plan.payload().message().isText() ? "text" : "binary");
            map.put("deflate", plan.deflates());
            map.put(plan.isOpenLoop() ? "ratePerSecond" : "depth", plan.isOpenLoop() ? (Object) plan.perSecond() : plan.depth());
        }
        map.put("seconds", elapsed.toNanos() / 1e9);
        map.put("count", count);
        map.put("perSecond", perSecond());
        if (plan.mode().hasMessages()) {
            map.put("sent", sentCount);
            map.put("compressed", compressedCount);
            map.put("unanswered", unanswered);
            map.put("wrong", wrong);
        }
        map.put("lost", lost);
        map.put("faults", faults);
        map.put("ownLoad", ownLoad());
        map.put("latencyMillis", latency.toMap());
        return map;
    }

    /** A distribution of latencies, kept to three digits. */
    public static final class Latency {
        private final Histogram nanos;

        Latency(Histogram nanos) {
            this.nanos = nanos;
        }

        /** The latency that all but {@code 100 - percent} in a hundred kept to; zero if nothing was measured. */
        public Duration percentile(double percent) {
            return Duration.ofNanos(nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percent));
        }

        /** The longest. */
        public Duration max() {
            return Duration.ofNanos(nanos.getMaxValue());
        }

        /** The shortest. */
        public Duration min() {
            return Duration.ofNanos(nanos.getTotalCount() == 0 ? 0 : nanos.getMinValue());
        }

        /** The arithmetic mean. */
        public Duration mean() {
            return Duration.ofNanos((long) nanos.getMean());
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("count", count());
            map.put("min", millis(min()));
            map.put("mean", millis(mean()));
            map.put("p50", millis(percentile(50)));
            map.put("p90", millis(percentile(90)));
            map.put("p99", millis(percentile(99)));
            map.put("p99.9", millis(percentile(99.9)));
            map.put("max", millis(max()));
            return map;
        }

        private static double millis(Duration duration) {
            return duration.toNanos() / 1e6;
        }

        /** How many were measured. */
        public long count() {
            return nanos.getTotalCount();
        }
    }
}
