package dev.duplex.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long messages were under way, from their publication to their receipt. */
public final class Latency {
    private final Histogram histogram;

    Latency(Histogram histogram) {
        this.histogram = histogram;
    }

    /** The number of messages. */
    public long count() {
        return histogram.getTotalCount();
    }

    /** The time that so many in a hundred did not exceed. */
    public Duration percentile(double percent) {
        return Duration.ofNanos(count() == 0 ? 0 : histogram.getValueAtPercentile(percent));
    }

    /** The longest. */
    public Duration max() {
        return Duration.ofNanos(histogram.getMaxValue());
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", count());
        map.put("p50_us", micros(percentile(50)));
        map.put("p99_us", micros(percentile(99)));
        map.put("p999_us", micros(percentile(99.9)));
        map.put("max_us", micros(max()));
        return map;
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }
}
