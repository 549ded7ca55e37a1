package dev.duplex.lab;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a lab measured.
 *
 * @param plan what was asked for
 * @param date when
 * @param machine where, in one line
 * @param feeds one measurement for each carrier and direction
 * @param bySize one for each carrier and size
 * @param byRate one for each carrier and rate
 */
public record LabReport(LabPlan plan, Instant date, String machine, List<Measurement> feeds, List<Measurement> bySize, List<Measurement> byRate) {

    static LabReport of(LabPlan plan, List<Measurement> feeds, List<Measurement> bySize, List<Measurement> byRate) {
        return new LabReport(plan, Instant.now().truncatedTo(ChronoUnit.SECONDS), Machine.told(), List.copyOf(feeds), List.copyOf(bySize), List.copyOf(byRate));
    }

    /** Whether everything that could be measured delivered each message once and in order. */
    public boolean isFaultless() {
        return feeds.stream().filter(Measurement::isMeasured).allMatch(m -> m.delivered() == m.expected() && m.wrong() == 0);
    }

    /** As JSON has it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("date", date.toString());
        map.put("machine", machine);
        map.put("server", plan.server().toString());
        map.put("same_machine", plan.isSameMachine());
        map.put("unix", plan.unixPath().orElse(null));
        map.put("proxy", plan.proxy().map(route -> route.proxy().where()).orElse(null));
        map.put("delay_ms", plan.network().delay().toNanos() / 1e6);
        map.put("loss", plan.network().loss());
        map.put("poll_interval_ms", plan.pollInterval().toMillis());
        map.put("feeds", feeds.stream().map(Measurement::toMap).toList());
        map.put("by_size", bySize.stream().map(Measurement::toMap).toList());
        map.put("by_rate", byRate.stream().map(Measurement::toMap).toList());
        return map;
    }
}
