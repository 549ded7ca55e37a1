package dev.duplex.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import tools.jackson.jr.ob.JSON;

/**
 * A race as a page, plots, and JSON with every single measurement.
 *
 * @param cases those that were run
 * @param contestants those that ran
 */
record Report(Setup setup, Results results, List<Case> cases, List<Contestant> contestants, int rounds, Duration warmUp, Duration duration) {

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("date", date());
        all.put("machine", machine());
        all.put("isWhole", results.isWhole());
        all.put("rounds", rounds);
        all.put("javaOptions", Setup.javaOptions());
        all.put("longestWarmUpSeconds", warmUp.toMillis() / 1e3);
        all.put("durationSeconds", duration.toMillis() / 1e3);
        Map<String, String> versions = new LinkedHashMap<>();
        contestants.forEach(contestant -> versions.put(contestant.id, setup.version(contestant)));
        all.put("versions", versions);
        all.put("measurements", results.measured().stream().map(Measurement::toMap).toList());
        all.put("warmUps", results.warmUps().stream().map(WarmUp.Result::toMap).toList());
        all.put("failures", results.failures());
        all.put("starts", results.starts().stream().map(start -> Map.of(
                "how", start.title(), "wallMillis", start.wallMillis(), "cpuMillis", start.cpuMillis())).toList());
        Files.writeString(directory.resolve("benchmarks.json"), JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n");
        Files.writeString(directory.resolve("benchmarks.svg"), new Plot(results, cases, contestants).svg());
        Files.writeString(directory.resolve("benchmarks.md"), page());
    }

    private String page() {
        StringBuilder page = new StringBuilder(16_000);
        page.append("""
                # Benchmarks

                Written by `./check race`, losses like wins. %s, %s.

                Every server has one core and the load (`duplex bench`'s own) another; one server works at a time, while those that wait for
                their turn sleep. A server is warmed up for each case: by a second of load whose connections are closed, since a JVM compiles
                anew what it had compiled before the first of them closed, and then until no second in the last three was cheaper by 2 %%
                than the cheapest before, or %s s are over. Then come %d rounds of %s s, one server after the other in each, after a second of load that does
                not count. Medians of the rounds; gaps below 10 %% mean nothing. Every Java server has `%s`, and listens
                on 127.0.0.1. Duplex is `duplex serve --compress --compress-threshold 0`, all checks and limits on: with the
                default threshold it would leave the 512 B messages uncompressed, which the others do not.

                %s![Processor time for each message, and memory of an idle connection](benchmarks.svg)

                Every single measurement: [benchmarks.json](benchmarks.json).

                """.formatted(date(), machine(), seconds(warmUp), rounds, seconds(duration), Setup.javaOptions(),
                results.isWhole() ? "" : "**This race was stopped before its end.**\n\n"));
        verdict(page);
        cells(page, "Processor time of the server, in µs for each message, delivery or handshake",
                "The median, and from the smallest of the rounds to the largest. From the operating system's accounting: what steals time from both "
                        + "sides disturbs it least.", busy(), (contestant, race) -> results.has(contestant, race)
                        ? Results.number(results.score(contestant, race)) + " (" + results.range(contestant, race, Measurement::cpuMicros) + ")" : "–");
        table(page, "Messages, deliveries or handshakes a second", "What came back to the load; server and load take turns waiting for each other.",
                busy(), one -> one.load().perSecond());
        for (double percent : new double[] {50, 99, 99.9}) {
            table(page, "Latency in ms, p" + (percent == 99.9 ? "99.9" : Math.round(percent)), "Under as much load as each server takes.",
                    busy(), one -> Results.millis(one, percent));
        }
        table(page, "Resident memory in MB at the end of the case", "A Java heap is given back late: this is what a server took, not what it needs.",
                busy(), one -> one.residentBytes() / 1e6);
        idle(page);
        starts(page);
        warmUps(page);
        failures(page);
        versions(page);
        return page.toString();
    }

    private List<Case> busy() {
        return cases.stream().filter(race -> race != Case.IDLE).toList();
    }

    private void verdict(StringBuilder page) {
        page.append("## Duplex beside Bun and the best Java peer\n\nProcessor time, or resident memory of an idle connection, as a multiple: below 1 is a win.\n\n");
        page.append("| case | beside Bun | beside the best Java peer |\n|---|---:|---:|\n");
        for (Case race : cases) {
            page.append("| ").append(race.title).append(" | ").append(Results.ratio(results.ratioTo(Contestant.BUN, race))).append(" | ")
                    .append(Results.ratio(results.ratioToBestJava(race))).append(" |\n");
        }
        page.append('\n');
    }

    private void table(StringBuilder page, String title, String remark, List<Case> columns, ToDoubleFunction<Measurement> of) {
        cells(page, title, remark, columns, (contestant, race) -> Results.number(results.median(contestant, race, of)));
    }

    private void cells(StringBuilder page, String title, String remark, List<Case> columns, BiFunction<Contestant, Case, String> cell) {
        page.append("## ").append(title).append("\n\n").append(remark).append("\n\n| |");
        columns.forEach(race -> page.append(' ').append(race.id).append(" |"));
        page.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
        for (Contestant contestant : contestants) {
            page.append("| ").append(contestant.title).append(" |");
            columns.forEach(race -> page.append(' ').append(cell.apply(contestant, race)).append(" |"));
            page.append('\n');
        }
        page.append('\n');
    }

    private void idle(StringBuilder page) {
        if (!cases.contains(Case.IDLE)) {
            return;
        }
        page.append("## Memory of an idle connection, in bytes\n\n10,000 connections, left alone for 7 s, after a collection of garbage, also of what compilers have given back to the C library; less what the server took without them. A fresh process in each round, after 4 s of handshakes.\n\n")
                .append("| | resident (of the rounds) | live in the heap |\n|---|---:|---:|\n");
        for (Contestant contestant : contestants) {
            double live = results.median(contestant, Case.IDLE, Measurement::liveBytes);
            page.append("| ").append(contestant.title).append(" | ").append(Results.number(results.score(contestant, Case.IDLE)))
                    .append(" (").append(results.range(contestant, Case.IDLE, Measurement::residentBytes)).append(')')
                    .append(" | ").append(!(live >= 0) ? "–" : Results.number(live)).append(" |\n");
        }
        page.append('\n');
    }

    private void starts(StringBuilder page) {
        if (results.starts().isEmpty()) {
            return;
        }
        page.append("## From the start of `duplex serve` to its first echo, in ms\n\n| | elapsed | processor time |\n|---|---:|---:|\n");
        results.starts().forEach(start -> page.append("| ").append(start.title()).append(" | ").append("%.0f".formatted(start.wallMillis()))
                .append(" | ").append("%.0f".formatted(start.cpuMillis())).append(" |\n"));
        page.append('\n');
    }

    private void warmUps(StringBuilder page) {
        cells(page, "Warm-up in s", "Until a server had settled; a + where it had not when the time was over.", busy(),
                (contestant, race) -> results.warmUps().stream().filter(one -> one.contestant() == contestant && one.race() == race).findFirst()
                        .map(one -> "%.0f%s".formatted(one.took().toMillis() / 1e3, one.hasSettled() ? "" : "+")).orElse("–"));
    }

    private void failures(StringBuilder page) {
        List<String> failures = results.failures();
        if (!failures.isEmpty()) {
            page.append("## What went wrong\n\n- ").append(String.join("\n- ", failures)).append("\n\n");
        }
    }

    private void versions(StringBuilder page) {
        page.append("## Cases\n\n| case | |\n|---|---|\n");
        cases.forEach(race -> page.append("| ").append(race.id).append(" | ").append(race.title).append(" |\n"));
        page.append("\n## Versions, and settings beyond the defaults\n\n| server | version | settings |\n|---|---|---|\n");
        contestants.forEach(contestant -> page.append("| ").append(contestant.title).append(" | ").append(setup.version(contestant))
                .append(" | ").append(contestant.settings).append(" |\n"));
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private static String date() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    /** Processor, cores, kernel, Java: what a reader needs to compare. */
    private static String machine() {
        String processor = "unknown processor";
        try {
            processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2)).findFirst().orElse(processor);
            long cores = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("processor")).count();
            processor += ", " + cores + " cores";
        } catch (IOException noProc) {
            processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        }
        return processor + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version").replaceAll("-.*", "")
                + ", Java " + Runtime.version();
    }
}
