package dev.duplex.cli;

import dev.duplex.load.LoadMode;
import dev.duplex.load.LoadObserver;
import dev.duplex.load.LoadPlan;
import dev.duplex.load.LoadProgress;
import dev.duplex.load.LoadReport;
import dev.duplex.load.Via;
import dev.duplex.proxy.Proxy;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What {@code duplex bench} shows: a line that moves while it runs, on a terminal alone, and the result. */
final class BenchScreen implements LoadObserver {
    /** Above it the numbers are those of the load generator rather than of the server. */
    private static final double BUSY = 0.9;

    private final Streams streams;

    BenchScreen(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void progress(LoadProgress progress) {
        if (!streams.isErrTerminal()) {
            return;
        }
        String phase = progress.phase().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String speed = progress.perSecond() == 0 ? "" : String.format(Locale.ROOT, "  %,.0f/s  p50 %s  p99 %s",
                progress.perSecond(), Durations.inMillis(progress.p50()), Durations.inMillis(progress.p99()));
        streams.err().printf(Locale.ROOT, "\r\u001b[K%s %.1f s  %,d open%s", phase, progress.phaseElapsed().toMillis() / 1e3, progress.open(), speed);
        streams.err().flush();
    }

    /** Removes the line that moves. */
    void clear() {
        if (streams.isErrTerminal()) {
            streams.err().print("\r\u001b[K");
            streams.err().flush();
        }
    }

    /** Shows the result. */
    void show(LoadReport report) {
        PrintStream out = streams.out();
        out.println(told(report.plan()) + ", measured for " + "%.1f s".formatted(report.elapsed().toMillis() / 1e3));
        out.println();
        line("counted", counted(report));
        if (report.plan().isHttp2()) {
            line("over", "HTTP/2, streams of " + count(report.connected(), "connection"));
        }
        if (report.latency().count() > 0) {
            line("latency", latency(report.latency()));
        }
        if (report.compressedCount() > 0 || report.plan().deflates()) {
            line("compressed", "%,d answers".formatted(report.compressedCount()));
        }
        problems(report);
        if (report.ownLoad() > BUSY) {
            line("mind", "this load was busy for %.0f %% of its time, so the server may be faster than it shows; try --threads 2"
                    .formatted(100 * report.ownLoad()));
        }
        out.flush();
    }

    private void problems(LoadReport report) {
        if (report.unanswered() > 0) {
            line("unanswered", "%,d messages; %,d were sent".formatted(report.unanswered(), report.sentCount()));
        }
        if (report.wrong() > 0) {
            line("wrong", "%,d answers".formatted(report.wrong()));
        }
        if (report.lost() > 0) {
            line("lost", "%,d connections".formatted(report.lost()));
        }
        report.faults().forEach(fault -> line("", Printable.line(fault)));
    }

    private static String told(LoadPlan plan) {
        String what = switch (plan.mode()) {
            case ECHO -> count(plan.connections(), "connection");
            case BROADCAST -> "a broadcast to " + count(plan.connections(), "listener");
            case HANDSHAKE -> "handshakes, " + plan.connections() + " at once";
            case IDLE -> count(plan.connections(), "idle connection");
        };
        return plan.uri() + way(plan.via()) + ": " + what + (plan.mode().hasMessages() ? messages(plan) : "");
    }

    private static String way(Via via) {
        return switch (via) {
            case Via.Direct direct -> "";
            case Via.Through(Proxy proxy) -> " through the proxy " + proxy.where();
            case Via.Unix(String path) -> " over unix:" + path;
        };
    }

    private static String messages(LoadPlan plan) {
        String kind = plan.payload().message().isText() ? "text" : "binary";
        String pace = plan.perSecond() > 0 ? "%,.0f a second".formatted(plan.perSecond()) : plan.depth() + " under way";
        return ", messages of %,d bytes %s%s, %s".formatted(plan.payload().message().byteLength(), kind, plan.deflates() ? " compressed" : "", pace);
    }

    private static String counted(LoadReport report) {
        String what = switch (report.plan().mode()) {
            case ECHO -> "messages";
            case BROADCAST -> "deliveries";
            case HANDSHAKE -> "handshakes";
            case IDLE -> "connections stayed open";
        };
        if (report.plan().mode() == LoadMode.IDLE) {
            return "%,d %s".formatted(report.count(), what);
        }
        String bytes = report.bytesPerSecond() == 0 ? "" : ", %,.1f MB/s".formatted(report.bytesPerSecond() / 1e6);
        return "%,d %s, %,.0f/s%s".formatted(report.count(), what, report.perSecond(), bytes);
    }

    private static String latency(LoadReport.Latency latency) {
        return "p50 %s   p90 %s   p99 %s   p99.9 %s   max %s".formatted(at(latency.percentile(50)), at(latency.percentile(90)),
                at(latency.percentile(99)), at(latency.percentile(99.9)), at(latency.max()));
    }

    private static String at(Duration duration) {
        return Durations.inMillis(duration);
    }

    private static String count(long count, String what) {
        return "%,d %s%s".formatted(count, what, count == 1 ? "" : "s");
    }

    private void line(String name, String value) {
        streams.out().printf("  %-11s %s%n", name, value);
    }
}
