package dev.duplex.cli;

import dev.duplex.lab.Direction;
import dev.duplex.lab.Feed;
import dev.duplex.lab.LabObserver;
import dev.duplex.lab.LabPlan;
import dev.duplex.lab.LabReport;
import dev.duplex.lab.Latency;
import dev.duplex.lab.Measurement;
import dev.duplex.lab.Way;
import dev.duplex.lab.WhyTcp;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What {@code duplex lab} shows: where it stands, then a table and bars for each direction. */
final class LabScreen implements LabObserver {
    private static final int BAR_CELLS = 40;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private final Streams streams;

    LabScreen(Streams streams) {
        this.streams = streams;
    }

    /** Says how much there is to do. */
    void starts(LabPlan plan) {
        long seconds = (plan.measurements() + 1L) * (plan.feed().duration().toSeconds() + 1);
        streams.err().println(Colour.ASIDE.paint("duplex: " + plan.measurements() + " measurements, about " + seconds + " s", streams.hasErrColours()));
    }

    /** Says which of the WebSockets has no place over HTTP/2. */
    void leavesOutCompression() {
        streams.err().println(Colour.ASIDE.paint("duplex: compression is not measured over HTTP/2", streams.hasErrColours()));
    }

    /** Says that the second part begins. */
    void startsWhyTcp(Duration time) {
        streams.err().println(Colour.ASIDE.paint("duplex: TCP and UDP under loss, about " + (time.toSeconds() + 10) + " s", streams.hasErrColours()));
    }

    @Override
    public void begins(int done, int all, Way way, Feed feed) {
        if (streams.isErrTerminal()) {
            streams.err().printf(Locale.ROOT, "\r\u001b[K%d of %d: %s, %s", done + 1, all, way.label(), feed);
            streams.err().flush();
        }
    }

    /** Removes the line that moves. */
    void clear() {
        if (streams.isErrTerminal()) {
            streams.err().print("\r\u001b[K");
            streams.err().flush();
        }
    }

    /** Shows the result. */
    void show(LabReport report) {
        LabPlan plan = report.plan();
        streams.out().println(where(plan) + " · " + report.machine());
        for (Direction direction : plan.directions()) {
            List<Measurement> rows = of(report, direction);
            title(plan.feed().withDirection(direction));
            table(rows);
            bars("bytes for each message", rows, Measurement::bytesPerMessage, "%,.0f");
            bars("latency, p99, in ms", rows, m -> m.down().percentile(99).toNanos() / 1e6, "%,.2f");
        }
        fullDuplex(report);
        notes(report);
        streams.out().flush();
    }

    private static String where(LabPlan plan) {
        String through = plan.network().isDirect() ? "" : String.format(Locale.ROOT, ", with %s of delay each way and %.1f %% loss",
                Durations.inMillis(plan.network().delay()), 100 * plan.network().loss());
        return (plan.isSameMachine() ? "on this machine" : plan.server().toString()) + plan.unixPath().map(path -> ", over unix:" + path).orElse("")
                + plan.proxy().map(route -> ", through the proxy " + route.proxy().where()).orElse("") + through;
    }

    private static List<Measurement> of(LabReport report, Direction direction) {
        return report.feeds().stream().filter(m -> m.feed().direction() == direction).toList();
    }

    private void title(Feed feed) {
        String who = switch (feed.direction()) {
            case PUSH -> "push: the server sends";
            case REQUEST -> "request: the client sends, the server sends back";
            case BOTH -> "both: each sends, at once";
        };
        String what = String.format(Locale.ROOT, ", %,d a second of %,d bytes for %.1f s", feed.perSecond(), feed.sizeBytes(), feed.duration().toMillis() / 1e3);
        streams.out().println();
        streams.out().println(Colour.SENT.paint(who, streams.hasOutColours()) + what);
        streams.out().println();
    }

    private void table(List<Measurement> rows) {
        line("carrier", "B/msg up", "B/msg down", "requests", "TCP", "pkts/msg", "p50 ms", "p99 ms", "p99.9 ms", "CPU us/msg client", "server");
        for (Measurement m : rows) {
            if (!m.isMeasured()) {
                streams.out().printf("  %-21s %s%n", m.way().label(), Colour.BAD.paint("not measured: " + Printable.line(m.unable()), streams.hasOutColours()));
                continue;
            }
            double messages = Math.max(1, m.delivered());
            line(m.way().label(), number(m.counts().bytesUp() / messages), number(m.counts().bytesDown() / messages),
                    whole(m.counts().requests() + m.opening().requests()), whole(m.counts().connections() + m.opening().connections()),
                    m.packetsPerMessage() < 0 ? "-" : decimal(m.packetsPerMessage()),
                    millis(m.down(), 50), millis(m.down(), 99), millis(m.down(), 99.9), number(m.clientCpu().toNanos() / 1e3 / messages),
                    m.serverCpu() == null ? "-" : number(m.serverCpu().toNanos() / 1e3 / messages));
            faults(m);
        }
    }

    private void faults(Measurement m) {
        if (m.delivered() != m.expected() || m.wrong() > 0) {
            String said = String.format(Locale.ROOT, "%,d of %,d messages came, %,d of them twice or out of order", m.delivered(), m.expected(), m.wrong());
            streams.out().println("  " + " ".repeat(22) + Colour.BAD.paint(said, streams.hasOutColours()));
        }
    }

    private void line(String... cells) {
        streams.out().printf("  %-21s %9s %10s %8s %4s %8s %9s %9s %9s %17s %7s%n", (Object[]) cells);
    }

    private void bars(String title, List<Measurement> rows, ToDoubleFunction<Measurement> value, String format) {
        List<Measurement> measured = rows.stream().filter(Measurement::isMeasured).toList();
        double most = measured.stream().mapToDouble(value).max().orElse(0);
        streams.out().println();
        streams.out().println("  " + Colour.ASIDE.paint(title, streams.hasOutColours()));
        for (Measurement m : measured) {
            double v = value.applyAsDouble(m);
            streams.out().printf("  %-21s %s %s%n", m.way().label(), Colour.RECEIVED.paint(bar(most == 0 ? 0 : v / most), streams.hasOutColours()),
                    String.format(Locale.ROOT, format, v));
        }
    }

    /** A bar of a share of 40 cells, in eighths of a cell; never nothing. */
    static String bar(double share) {
        int eighths = (int) Math.max(1, Math.round(share * BAR_CELLS * 8));
        int rest = eighths % 8;
        return "█".repeat(eighths / 8) + (rest == 0 ? "" : EIGHTHS.substring(rest, rest + 1));
    }

    /** One direction alone against both at once. */
    private void fullDuplex(LabReport report) {
        List<Measurement> alone = of(report, Direction.PUSH);
        List<Measurement> both = of(report, Direction.BOTH);
        if (alone.isEmpty() || both.isEmpty()) {
            return;
        }
        PrintStream out = streams.out();
        out.println();
        out.println(Colour.SENT.paint("full duplex", streams.hasOutColours()) + ": one direction loaded, against both at once");
        out.println();
        out.printf("  %-21s %13s %13s %13s %13s %13s%n", "carrier", "msg/s alone", "msg/s both", "p99 ms alone", "p99 ms down", "p99 ms up");
        for (int i = 0; i < alone.size(); i++) {
            Measurement a = alone.get(i);
            Measurement b = both.get(i);
            if (a.isMeasured() && b.isMeasured()) {
                out.printf("  %-21s %13s %13s %13s %13s %13s%n", a.way().label(), number(a.perSecond()), number(b.perSecond()), millis(a.down(), 99),
                        millis(b.down(), 99), millis(b.up(), 99));
            }
        }
    }

    /** Shows what a network that loses packets made of the same messages over TCP and UDP. */
    void show(WhyTcp why) {
        PrintStream out = streams.out();
        if (!why.isMeasured()) {
            out.println("why TCP: not measured, " + Printable.line(why.unable()));
            out.flush();
            return;
        }
        out.println(Colour.SENT.paint("why TCP", streams.hasOutColours()) + ": " + why.feed().messages() + " messages over a WebSocket and over UDP at once, "
                + why.lossPercent() + " % of the packets lost, some others on a slower line");
        out.println();
        out.printf("  %-21s %9s %9s %13s %9s %9s %9s%n", "", "sent", "lost", "out of order", "p50 ms", "p99 ms", "max ms");
        out.print(why.summary());
        out.println();
        out.println("TCP delivers all, in order, and some of it late; UDP loses and reorders, and nothing waits for what is lost.");
        out.flush();
    }

    private void notes(LabReport report) {
        PrintStream out = streams.out();
        out.println();
        boolean tells = report.feeds().stream().filter(Measurement::isMeasured).allMatch(m -> m.packetsPerMessage() >= 0);
        out.println("Bytes are those of TCP's payload, with all of HTTP's; packets come from " + (tells ? "the kernel (TCP_INFO), acknowledgements too." : "nowhere: this kernel does not tell."));
        if (!report.plan().isSameMachine()) {
            out.println("The server's clock was compared with ours; a latency is wrong by half the quickest round trip at most.");
        }
    }

    private static String millis(Latency latency, double percent) {
        Duration time = latency.percentile(percent);
        return String.format(Locale.ROOT, time.toMillis() < 100 ? "%,.2f" : "%,.0f", time.toNanos() / 1e6);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%,.1f" : "%,.0f", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.2f", value);
    }

    private static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
