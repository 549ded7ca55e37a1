package dev.duplex.lab;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A report's tables as Markdown, for {@code docs/lab.md}. */
public final class MarkdownTables {
    private final StringBuilder text = new StringBuilder();

    private MarkdownTables() {}

    /**
     * The tables.
     *
     * @param report what was measured; null to leave it out
     * @param whyTcp what was measured of TCP and UDP; null to leave it out
     */
    public static String of(LabReport report, WhyTcp whyTcp) {
        MarkdownTables tables = new MarkdownTables();
        if (report != null) {
            tables.costs(report);
        }
        if (whyTcp != null) {
            tables.why(whyTcp);
        }
        return tables.text.toString();
    }

    private void add(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private void costs(LabReport report) {
        Feed feed = report.plan().feed();
        add("Measured on %s. %s; client and server are two processes, and polling asks every %d ms.", report.date(), report.machine(),
                report.plan().pollInterval().toMillis());
        for (Direction direction : report.plan().directions()) {
            add("%n### %s%n", title(feed.withDirection(direction)));
            add("| carrier | bytes up | bytes down | overhead | requests | TCP | packets | p50 ms | p99 ms | p99.9 ms | CPU client | CPU server |");
            add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
            report.feeds().stream().filter(m -> m.feed().direction() == direction).forEach(this::row);
        }
        add("%nBytes, packets and CPU (in µs) are for each message, requests and TCP connections for the whole feed.");
        sweep("Bytes for each message, by its size", "size", report.plan(), report.plan().sweepSizes(), report.bySize(), m -> m.feed().sizeBytes(),
                Measurement::bytesPerMessage);
        sweep("Bytes for each message, by messages a second", "rate", report.plan(), report.plan().sweepRates(), report.byRate(), m -> m.feed().perSecond(),
                Measurement::bytesPerMessage);
        sweep("Latency in ms (p99), by messages a second", "rate", report.plan(), report.plan().sweepRates(), report.byRate(), m -> m.feed().perSecond(),
                m -> m.down().percentile(99).toNanos() / 1e6);
        sweep("CPU of both sides in µs for each message, by messages a second", "rate", report.plan(), report.plan().sweepRates(), report.byRate(),
                m -> m.feed().perSecond(), Measurement::cpuMicrosPerMessage);
    }

    private static String title(Feed feed) {
        String who = switch (feed.direction()) {
            case PUSH -> "Push";
            case REQUEST -> "Request and reply";
            case BOTH -> "Both ways at once";
        };
        return String.format(Locale.ROOT, "%s: %d messages a second of %d bytes, for %.0f s", who, feed.perSecond(), feed.sizeBytes(), feed.duration().toMillis() / 1e3);
    }

    private void row(Measurement m) {
        if (!m.isMeasured()) {
            add("| %s | not measured: %s |", m.way().label(), m.unable());
            return;
        }
        double messages = Math.max(1, m.delivered());
        add("| %s | %s | %s | %s | %d | %d | %s | %s | %s | %s | %s | %s |", m.way().label(), number(m.counts().bytesUp() / messages),
                number(m.counts().bytesDown() / messages), number(m.overheadPerMessage()), m.counts().requests() + m.opening().requests(),
                m.counts().connections() + m.opening().connections(), m.packetsPerMessage() < 0 ? "–" : number(m.packetsPerMessage()), millis(m, 50), millis(m, 99),
                millis(m, 99.9), number(m.clientCpu().toNanos() / 1e3 / messages), m.serverCpu() == null ? "–" : number(m.serverCpu().toNanos() / 1e3 / messages));
    }

    private void sweep(String title, String x, LabPlan plan, List<Integer> points, List<Measurement> measured, ToDoubleFunction<Measurement> at,
            ToDoubleFunction<Measurement> value) {
        if (points.isEmpty()) {
            return;
        }
        add("%n### %s%n", title);
        add("| %s | %s |", x, String.join(" | ", plan.ways().stream().map(Way::label).toList()));
        add("|--:|%s", "--:|".repeat(plan.ways().size()));
        for (int point : points) {
            add("| %,d | %s |", point, String.join(" | ", plan.ways().stream().map(way -> measured.stream()
                    .filter(m -> m.way() == way && m.isMeasured() && at.applyAsDouble(m) == point).findFirst().map(m -> number(value.applyAsDouble(m))).orElse("–"))
                    .toList()));
        }
    }

    private void why(WhyTcp why) {
        add("%n### Why TCP%n");
        if (!why.isMeasured()) {
            add("Not measured: %s.", why.unable());
            return;
        }
        add("%d messages, %d a second, over a WebSocket and over UDP at once; %d %% of the packets lost, some others on a slower line.%n", why.feed().messages(),
                why.feed().perSecond(), why.lossPercent());
        add("| | lost | out of order | p50 ms | p99 ms | max ms |");
        add("|---|--:|--:|--:|--:|--:|");
        traffic("WebSocket (TCP)", why.webSocket());
        traffic("UDP", why.udp());
    }

    private void traffic(String name, LossyTraffic traffic) {
        add("| %s | %d | %d | %s | %s | %s |", name, traffic.lost(), traffic.reordered(), number(traffic.lateMillis(50)), number(traffic.lateMillis(99)),
                number(traffic.lateMillis(100)));
    }

    private static String millis(Measurement m, double percent) {
        return number(m.down().percentile(percent).toNanos() / 1e6);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%,.1f" : "%,.0f", value);
    }
}
