package dev.duplex.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What was measured, and medians of it; written to by the race, read by whoever ends it. */
final class Results {
    private final List<Measurement> measured = new CopyOnWriteArrayList<>();
    private final List<WarmUp.Result> warmUps = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile List<StartUp.Result> starts = List.of();
    private volatile boolean isOver;
    private volatile boolean isWhole;

    void add(Measurement measurement) {
        if (!isOver) {
            measured.add(measurement);
        }
    }

    void add(WarmUp.Result warmUp) {
        if (!isOver) {
            warmUps.add(warmUp);
        }
    }

    void addFailure(String failure) {
        if (!isOver) {
            failures.add(failure);
        }
    }

    void addStarts(List<StartUp.Result> measuredStarts) {
        starts = List.copyOf(measuredStarts);
    }

    /** From now on nothing is added: servers that are being ended fail. */
    void end(boolean whole) {
        isOver = true;
        isWhole = whole;
    }

    /** Whether all that was planned was tried. */
    boolean isWhole() {
        return isWhole;
    }

    /** In the order of measuring. */
    List<Measurement> measured() {
        return measured;
    }

    List<WarmUp.Result> warmUps() {
        return warmUps;
    }

    /** What could not be measured, and answers that were wrong. */
    List<String> failures() {
        return Stream.concat(failures.stream(), measured.stream().filter(one -> !one.faults().isEmpty())
                .map(one -> one.contestant().title + ", " + one.race().id + ", round " + one.round() + ": " + String.join("; ", one.faults()))).toList();
    }

    /** Of our own server. */
    List<StartUp.Result> starts() {
        return starts;
    }

    /** The median over the rounds in which something was measured; NaN if there is none. */
    double median(Contestant contestant, Case race, ToDoubleFunction<Measurement> of) {
        return median(values(contestant, race, of));
    }

    /** From the smallest of the rounds to the largest. */
    String range(Contestant contestant, Case race, ToDoubleFunction<Measurement> of) {
        double[] values = values(contestant, race, of);
        return values.length == 0 ? "–" : number(values[0]) + "–" + number(values[values.length - 1]);
    }

    private double[] values(Contestant contestant, Case race, ToDoubleFunction<Measurement> of) {
        return measured.stream().filter(one -> one.contestant() == contestant && one.race() == race).mapToDouble(of).filter(value -> !Double.isNaN(value)).sorted().toArray();
    }

    static double median(double... sorted) {
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    boolean has(Contestant contestant, Case race) {
        return measured.stream().anyMatch(one -> one.contestant() == contestant && one.race() == race);
    }

    /** What a case is decided by: processor time, or memory where nothing moves. Less is better. */
    double score(Contestant contestant, Case race) {
        return median(contestant, race, race == Case.IDLE ? Measurement::residentBytes : Measurement::cpuMicros);
    }

    /** Ours by another's; NaN if one of them is missing. */
    double ratioTo(Contestant other, Case race) {
        return score(Contestant.DUPLEX, race) / score(other, race);
    }

    /** Ours by the best of the other Java servers'. */
    double ratioToBestJava(Case race) {
        OptionalDouble best = Arrays.stream(Contestant.values()).filter(one -> one.kind == Contestant.Kind.JAVA && has(one, race))
                .mapToDouble(one -> score(one, race)).filter(score -> !Double.isNaN(score)).min();
        return best.isPresent() ? score(Contestant.DUPLEX, race) / best.getAsDouble() : Double.NaN;
    }

    /** One measurement, as the race goes. */
    static String line(Measurement one) {
        String head = "%-15s %-16s".formatted(one.race().id, one.contestant().id);
        if (one.race() == Case.IDLE) {
            return head + "%,10d B resident each%s, %,d open".formatted(one.residentBytes(),
                    one.liveBytes() < 0 ? "" : ", %,d B live".formatted(one.liveBytes()), one.load().count());
        }
        return head + " %9.2f µs  %,10.0f/s  p50 %8.3f  p99 %8.3f  p99.9 %8.3f ms  server %3.0f %% busy, load %3.0f %%%s".formatted(
                one.cpuMicros(), one.load().perSecond(), millis(one, 50), millis(one, 99), millis(one, 99.9),
                100 * one.serverBusy(), 100 * one.load().ownLoad(), one.faults().isEmpty() ? "" : "  " + one.faults());
    }

    static double millis(Measurement one, double percent) {
        return one.load().latency().percentile(percent).toNanos() / 1e6;
    }

    /** Medians and ratios, one line for each case. */
    void print(PrintStream screen, List<Case> cases) {
        screen.println();
        for (Case race : cases) {
            screen.printf("%-15s", race.id);
            for (Contestant contestant : Contestant.values()) {
                if (has(contestant, race)) {
                    screen.printf("  %s %s", contestant.id, number(score(contestant, race)));
                }
            }
            screen.printf("   to Bun %s, to the best Java peer %s%n", ratio(ratioTo(Contestant.BUN, race)), ratio(ratioToBestJava(race)));
        }
        starts.forEach(start -> screen.printf("start to first echo, %s: %.0f ms, %.0f ms of processor time%n", start.title(), start.wallMillis(), start.cpuMillis()));
    }

    static String ratio(double ratio) {
        return Double.isNaN(ratio) ? "–" : "%.2f".formatted(ratio);
    }

    /** Three digits say enough. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return (Math.abs(value) < 10 ? "%,.2f" : Math.abs(value) < 100 ? "%,.1f" : "%,.0f").formatted(value);
    }
}
