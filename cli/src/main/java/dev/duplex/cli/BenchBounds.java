package dev.duplex.cli;

import dev.duplex.load.LoadReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a load's result must keep to. */
final class BenchBounds {
    private record Rule(String option, Bound bound, ToDoubleFunction<LoadReport> measured, boolean isLatency) {}

    private final List<Rule> rules = new ArrayList<>();

    /** Adds a bound on a percentile; null adds none. */
    BenchBounds latency(String option, String bound, double percent) {
        if (bound != null) {
            rules.add(new Rule(option, Bound.ofLatency(option, bound), report -> report.latency().percentile(percent).toNanos(), true));
        }
        return this;
    }

    /** Adds a bound on what came back in a second; null adds none. */
    BenchBounds throughput(String option, String bound) {
        if (bound != null) {
            rules.add(new Rule(option, Bound.ofNumber(option, bound), LoadReport::perSecond, false));
        }
        return this;
    }

    /** Says of each bound whether it held. @return whether all did; none does when nothing was measured */
    boolean judge(LoadReport report, PrintStream out) {
        boolean all = true;
        for (Rule rule : rules) {
            double measured = rule.measured.applyAsDouble(report);
            boolean holds = (!rule.isLatency || report.latency().count() > 0) && rule.bound.holds(measured);
            String shown = rule.isLatency ? Durations.inMillis(Duration.ofNanos((long) measured)) : "%,.0f/s".formatted(measured);
            out.println((holds ? "holds: " : "FAILS: ") + rule.option.substring(2) + " " + rule.bound.text() + ", measured " + shown);
            all &= holds;
        }
        return all;
    }
}
