package dev.duplex.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A report as one HTML page that needs nothing else: in English and Korean, for light and dark, on paper and phone. */
public final class ReportPage {
    private final StringBuilder html = new StringBuilder();

    private ReportPage() {}

    /**
     * The page.
     *
     * @param report what was measured; null to leave its page out
     * @param whyTcp what was measured of TCP and UDP; null to leave its page out
     */
    public static String of(LabReport report, WhyTcp whyTcp) {
        ReportPage page = new ReportPage();
        page.head(report != null, whyTcp != null);
        if (report != null) {
            page.costs(report);
        }
        if (whyTcp != null) {
            page.why(whyTcp);
        }
        return page.add("</main><script>\n%s</script></body></html>\n", file("report.js")).html.toString();
    }

    private ReportPage add(String format, Object... arguments) {
        html.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
        return this;
    }

    private static String file(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void head(boolean hasCosts, boolean hasWhy) {
        add("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title><style>\n%s</style></head>\n<body><header><h1 id=\"lab-name\">%s</h1><nav>",
                Texts.english("lab"), file("report.css"), Texts.html("lab"));
        if (hasCosts) {
            add("<a href=\"#costs\">%s</a>", Texts.html("title"));
        }
        if (hasWhy) {
            add("<a href=\"#why-tcp\">%s</a>", Texts.html("why.title"));
        }
        add("</nav><div class=\"langs\" role=\"group\" aria-label=\"%s\"><button type=\"button\" lang=\"en\">English</button>"
                + "<button type=\"button\" lang=\"ko\">한국어</button></div></header><main>\n", Texts.english("skip"));
    }

    private void costs(LabReport report) {
        add("<div class=\"page\" id=\"costs\"><h2>%s</h2><p>%s</p>", Texts.html("title"), Texts.html("intro"));
        circumstances(report);
        for (Direction direction : report.plan().directions()) {
            Feed feed = report.plan().feed();
            String key = direction.label();
            add("<section class=\"panel\"><h3>%s</h3><p class=\"about\">%s</p>", Texts.html(key),
                    Texts.html(key + ".about", feed.perSecond(), feed.sizeBytes(), String.format(Locale.ROOT, "%.1f", feed.duration().toMillis() / 1e3)));
            table(report.feeds().stream().filter(m -> m.feed().direction() == direction).toList());
            add("</section>");
        }
        duplex(report);
        plots(report);
        boolean tells = report.feeds().stream().filter(Measurement::isMeasured).allMatch(m -> m.counts().packets() >= 0);
        add("<section class=\"panel soft\"><p>%s</p><p>%s</p><p>%s</p>", Texts.html("note.bytes"), Texts.html(tells ? "note.packets" : "note.packets.none"),
                Texts.html("note.cpu"));
        add(report.plan().isSameMachine() ? "" : "<p>" + Texts.html("note.clock") + "</p>").add("</section></div>\n");
    }

    private void circumstances(LabReport report) {
        LabPlan plan = report.plan();
        List<String> between = new ArrayList<>();
        if (plan.unixPath().isPresent()) {
            between.add(Texts.html("between.unix", plan.unixPath().get()));
        } else if (plan.proxy().isPresent()) {
            between.add(Texts.html("between.via", plan.proxy().get().proxy().where(), plan.server()));
        } else if (!plan.isSameMachine()) {
            between.add(Texts.html("between.remote") + " " + Texts.escaped(plan.server().toString()));
        }
        if (!plan.network().isDirect()) {
            between.add(Texts.html("between.proxy", Axis.label(plan.network().delay().toNanos() / 1e6), Axis.label(100 * plan.network().loss())));
        }
        if (between.isEmpty()) {
            between.add(Texts.html("between.none"));
        }
        add("<dl><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd></dl><p class=\"about\">%s</p>", Texts.html("made"), report.date(),
                Texts.html("on"), Texts.escaped(report.machine()), Texts.html("between"), String.join("; ", between), Texts.html("polls", plan.pollInterval().toMillis()));
    }

    private void headings(String... keys) {
        add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        for (String key : keys) {
            add("<th scope=\"col\">%s</th>", Texts.html(key));
        }
        add("</tr></thead><tbody>");
    }

    private void row(String heading, String... cells) {
        add("<tr><th scope=\"row\">%s</th>", heading);
        for (String cell : cells) {
            add("<td>%s</td>", cell);
        }
        add("</tr>");
    }

    private void table(List<Measurement> rows) {
        headings("carrier", "up", "down", "overhead", "requests", "connections", "packets", "p50", "p99", "p999", "cpu.client", "cpu.server");
        for (Measurement m : rows) {
            if (!m.isMeasured()) {
                unable(m, 11);
                continue;
            }
            double messages = Math.max(1, m.delivered());
            row(Texts.html(m.way().label()), number(m.counts().bytesUp() / messages), number(m.counts().bytesDown() / messages), number(m.overheadPerMessage()),
                    String.valueOf(m.counts().requests() + m.opening().requests()), String.valueOf(m.counts().connections() + m.opening().connections()),
                    m.packetsPerMessage() < 0 ? "–" : number(m.packetsPerMessage()), millis(m.down(), 50), millis(m.down(), 99), millis(m.down(), 99.9),
                    number(m.clientCpu().toNanos() / 1e3 / messages), m.serverCpu() == null ? "–" : number(m.serverCpu().toNanos() / 1e3 / messages));
            if (m.delivered() != m.expected() || m.wrong() > 0) {
                add("<tr><td></td><td class=\"bad\" colspan=\"11\">%s</td></tr>", Texts.html("missing", m.delivered(), m.expected(), m.wrong()));
            }
        }
        add("</tbody></table></div>");
    }

    private void unable(Measurement m, int columns) {
        add("<tr><th scope=\"row\">%s</th><td class=\"bad\" colspan=\"%d\">%s %s</td></tr>", Texts.html(m.way().label()), columns, Texts.html("unable"),
                Texts.escaped(m.unable()));
    }

    private void duplex(LabReport report) {
        List<Measurement> alone = report.feeds().stream().filter(m -> m.feed().direction() == Direction.PUSH).toList();
        List<Measurement> both = report.feeds().stream().filter(m -> m.feed().direction() == Direction.BOTH).toList();
        if (alone.isEmpty() || both.isEmpty()) {
            return;
        }
        double most = both.stream().filter(Measurement::isMeasured).mapToDouble(Measurement::perSecond).max().orElse(1);
        add("<section class=\"panel\"><h3>%s</h3><p class=\"about\">%s</p>", Texts.html("duplex"), Texts.html("duplex.about"));
        headings("carrier", "alone.rate", "together.rate", "alone.p99", "together.p99", "together.p99.up");
        for (Way way : report.plan().ways()) {
            Measurement a = measured(alone, way);
            Measurement b = measured(both, way);
            if (a != null && b != null) {
                row(Texts.html(way.label()), bar(a, most, ""), bar(b, most, " both"), millis(a.down(), 99), millis(b.down(), 99), millis(b.up(), 99));
            }
        }
        add("</tbody></table></div></section>");
    }

    private static Measurement measured(List<Measurement> measurements, Way way) {
        return measurements.stream().filter(m -> m.way() == way && m.isMeasured()).findFirst().orElse(null);
    }

    /** An SVG rather than a style, so that the page would work under a strict policy too. */
    private static String bar(Measurement m, double most, String kind) {
        return String.format(Locale.ROOT, "%s<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" height=\"6\" aria-hidden=\"true\">"
                + "<rect class=\"f%d\" width=\"%.1f\" height=\"6\"/></svg>", number(m.perSecond()), kind.isEmpty() ? 4 : 6, 100 * m.perSecond() / most);
    }

    private void plots(LabReport report) {
        add("<div class=\"grid\">");
        if (!report.bySize().isEmpty()) {
            List<Plot.Line> lines = lines(report, report.bySize(), m -> m.feed().sizeBytes(), Measurement::bytesPerMessage, false);
            lines.add(new Plot.Line("message.alone", -1, false,
                    report.plan().sweepSizes().stream().map(size -> new Plot.Point(size, size)).toList()));
            plot("bytes.plot", lines, "axis.size", "axis.bytes");
        }
        if (!report.byRate().isEmpty()) {
            List<Plot.Line> latency = lines(report, report.byRate(), m -> m.feed().perSecond(), m -> m.down().percentile(99).toNanos() / 1e6, false);
            latency.addAll(lines(report, report.byRate(), m -> m.feed().perSecond(), m -> m.down().percentile(50).toNanos() / 1e6, true));
            plot("latency.plot", latency, "axis.rate", "axis.latency");
            plot("cpu.plot", lines(report, report.byRate(), m -> m.feed().perSecond(), Measurement::cpuMicrosPerMessage, false), "axis.rate", "axis.cpu");
        }
        add("</div>");
    }

    private static List<Plot.Line> lines(LabReport report, List<Measurement> sweep, ToDoubleFunction<Measurement> x, ToDoubleFunction<Measurement> y, boolean isThin) {
        List<Plot.Line> lines = new ArrayList<>();
        for (Way way : report.plan().ways()) {
            List<Plot.Point> points = sweep.stream().filter(m -> m.way() == way && m.isMeasured() && m.delivered() > 0)
                    .map(m -> new Plot.Point(x.applyAsDouble(m), y.applyAsDouble(m))).toList();
            if (!points.isEmpty()) {
                lines.add(new Plot.Line(way.label(), way.ordinal(), isThin, points));
            }
        }
        return lines;
    }

    /** The picture, and its numbers for those who cannot see it. */
    private void plot(String key, List<Plot.Line> lines, String xKey, String yKey) {
        add("<section class=\"panel\"><h3>%s</h3><p class=\"about\">%s</p>", Texts.html(key), Texts.html(key + ".about")).add(Plot.lines(lines, xKey, yKey));
        add("<details><summary>%s</summary>", Texts.html("numbers"));
        List<Plot.Line> rows = lines.stream().filter(line -> line.style() >= 0 && !line.isThin()).toList();
        add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">%s</th>", Texts.html(xKey));
        rows.forEach(line -> add("<th scope=\"col\">%s</th>", Texts.html(line.key())));
        add("</tr></thead><tbody>");
        for (double x : rows.stream().flatMap(line -> line.points().stream()).map(Plot.Point::x).distinct().sorted().toList()) {
            row(number(x), rows.stream().map(line -> line.points().stream().filter(point -> point.x() == x).findFirst().map(point -> number(point.y())).orElse("–"))
                    .toArray(String[]::new));
        }
        add("</tbody></table></div></details></section>");
    }

    private void why(WhyTcp why) {
        add("<div class=\"page\" id=\"why-tcp\"><h2>%s</h2><p>%s</p>", Texts.html("why.title"), Texts.html("why.intro"));
        if (!why.isMeasured()) {
            add("<section class=\"panel\"><p class=\"bad\">%s %s</p></section></div>", Texts.html("why.unable"), Texts.escaped(why.unable()));
            return;
        }
        Feed feed = why.feed();
        add("<p class=\"about\">%s</p><section class=\"panel\">", Texts.html("why.setup", feed.messages(), feed.sizeBytes(), feed.perSecond(), why.lossPercent()));
        headings("carrier", "why.sent", "why.lost", "why.reordered", "p50", "p99", "p999");
        traffic("why.websocket", why.webSocket());
        traffic("why.udp", why.udp());
        add("</tbody></table></div></section><h3>%s</h3><p class=\"about\">%s</p><div class=\"grid\">", Texts.html("why.plot"), Texts.html("why.plot.about"));
        double most = Math.max(why.webSocket().lateMillis(100), why.udp().lateMillis(100));
        panel("why.websocket", "why.tcp.says", Plot.arrivals(why.webSocket(), feed.perSecond(), most, 4));
        panel("why.udp", "why.udp.says", Plot.arrivals(why.udp(), feed.perSecond(), most, 0));
        add("</div></div>\n");
    }

    private void traffic(String key, LossyTraffic traffic) {
        row(Texts.html(key), String.valueOf(traffic.messages()), String.valueOf(traffic.lost()), String.valueOf(traffic.reordered()),
                number(traffic.lateMillis(50)), number(traffic.lateMillis(99)), number(traffic.lateMillis(99.9)));
    }

    private void panel(String title, String words, String picture) {
        add("<section class=\"panel\"><h3>%s</h3><p class=\"about\">%s</p>", Texts.html(title), Texts.html(words)).add(picture).add("</section>");
    }

    private static String millis(Latency latency, double percent) {
        return number(latency.percentile(percent).toNanos() / 1e6);
    }

    private static String number(double value) {
        String format = Math.abs(value) < 10 && value != Math.rint(value) ? "%,.2f" : Math.abs(value) < 100 && value != Math.rint(value) ? "%,.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
