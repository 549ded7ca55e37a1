package dev.duplex.cli;

import dev.duplex.lab.Direction;
import dev.duplex.lab.Feed;
import dev.duplex.lab.LabFailedException;
import dev.duplex.lab.LabPlan;
import dev.duplex.lab.LabReport;
import dev.duplex.lab.LabRun;
import dev.duplex.lab.Network;
import dev.duplex.lab.ServerProcess;
import dev.duplex.lab.Way;
import dev.duplex.lab.WhyTcp;
import dev.duplex.proxy.ProxyRoute;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code duplex lab}: what each carrier costs. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "duplex lab [OPTION]... [URL]",
        description = {
            "Sends the same feed over every carrier and counts what passes.",
            "",
            "Without a URL a server is started for it, as a process of its own on this",
            "machine; with one, such as http://host:8080/, that duplex serve is measured,",
            "and its clock is compared with ours. The carriers are measured one after the",
            "other. Bytes, requests, connections and packets are counted at the client's",
            "sockets; the latency is the time from publication to receipt.",
            "",
            "  --direction push     the server sends",
            "  --direction request  the client sends, the server sends back",
            "  --direction both     both send at once, each at the rate",
            "",
        },
        footer = {
            "",
            "Exit status: 0 if every message came once and in order, 1 if not, 2 for wrong use.",
            "",
            "Examples:",
            "  duplex lab",
            "  duplex lab --rate 20 --size 1KiB --direction both --duration 5s",
            "  duplex lab --delay 40ms --loss 1 --carrier websocket,websocket-compressed",
            "  duplex lab --html lab.html",
            "  duplex lab --why-tcp --loss 10",
            "  duplex lab --json lab.json http://192.0.2.1:8080/",
            "  duplex lab --proxy socks5h://127.0.0.1:1080 https://example.com/",
            "  duplex lab --unix /run/app.sock",
        })
final class LabCommand implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(64, 256, 1024, 4096, 16_384);
    private static final List<Integer> RATES = List.of(1, 10, 100, 500);

    /** Long enough for some dozens of lost packets. */
    private static final Duration WHY_TCP = Duration.ofSeconds(10);

    private static final int WHY_TCP_LOSS_PERCENT = 5;
    private static final Set<String> OF_WHY_TCP = Set.of("--why-tcp", "--loss", "--duration", "--html", "--markdown", "--json");

    @Parameters(paramLabel = "URL", arity = "0..1", description = "http:// or https:// address of a duplex serve; one is started if there is none.")
    private URI url;

    @Option(names = {"-r", "--rate"}, paramLabel = "N", defaultValue = "100", description = "Messages a second in each direction, at most 10000; ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = {"-s", "--size"}, paramLabel = "BYTES", defaultValue = "125", description = "Bytes of a message, 64 to 64KiB; ${DEFAULT-VALUE}.")
    private Bytes size;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", defaultValue = "3s", description = "How long each measurement sends; ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(names = "--direction", paramLabel = "WHO", split = ",", description = "push, request, both, or several with commas; all of them.")
    private List<Direction> directions = List.of(Direction.values());

    @Option(names = "--carrier", paramLabel = "NAME", split = ",", description = "Carriers to measure, with commas; all of them.")
    private List<String> carriers = Arrays.stream(Way.values()).map(Way::label).toList();

    @Option(names = "--poll-interval", paramLabel = "TIME", defaultValue = "1s", description = "How often polling asks, 10ms to 10s; ${DEFAULT-VALUE}.")
    private Duration pollInterval;

    @Option(names = "--delay", paramLabel = "TIME", defaultValue = "0ms", description = "Let a proxy delay every byte, in each direction; at most 5s.")
    private Duration delay;

    @Option(names = "--loss", paramLabel = "PERCENT", defaultValue = "0",
            description = "Let the proxy hold back so many in a hundred pieces for the time that TCP needs to send them again; at most 50.")
    private double loss;

    @Option(names = "--http2", description = "Of the WebSockets measure those over HTTP/2 alone (RFC 8441).")
    private boolean http2;

    @Mixin
    private ClientTlsOptions tls;

    @Mixin
    private ViaOptions proxies;

    @Option(names = "--why-tcp", description = {
        "Instead: the same messages over a WebSocket and over UDP at once, through a network that loses packets; wants Linux and network namespaces.",
        "--loss is 5 then, if not given."})
    private boolean whyTcp;

    @Option(names = "--html", paramLabel = "FILE", description = {
        "Write one page with tables and plots, in English and Korean; adds measurements at other sizes and rates, and those of --why-tcp."})
    private Path html;

    @Option(names = "--markdown", paramLabel = "FILE", description = {
        "Put the tables of --html, as Markdown, between the lines <!-- lab --> and <!-- /lab --> of a file."})
    private Path markdown;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON; - writes it to standard output, and nothing else.")
    private String json;

    @Spec
    private CommandSpec spec;

    private boolean leavesOutCompression;

    private final Streams streams;

    LabCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.set(false);
        if (whyTcp) {
            makesItsOwn();
        }
        LabFiles files = new LabFiles(streams, html, markdown, json);
        LabScreen screen = new LabScreen(streams);
        LabPlan plan = plan();
        LabReport report = whyTcp ? null : measured(plan, screen);
        if (report != null && !files.isJsonAlone()) {
            screen.show(report);
        }
        WhyTcp why = whyTcp || files.wantsAll() ? whyTcp(screen) : null;
        if (why != null && !files.isJsonAlone()) {
            screen.show(why);
        }
        files.write(report, why);
        streams.out().flush();
        return report == null ? why.isMeasured() ? 0 : 1 : report.isFaultless() ? 0 : 1;
    }

    /** Whoever asks for something is not to take a result without it for one with it. */
    private void makesItsOwn() {
        List<String> others = new ArrayList<>(spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName).toList());
        others.removeAll(OF_WHY_TCP);
        if (url != null) {
            others.addFirst("URL");
        }
        if (!others.isEmpty()) {
            throw Complaint.wrongUse("--why-tcp makes its own network and messages, and takes no " + String.join(", ", others));
        }
    }

    private WhyTcp whyTcp(LabScreen screen) throws InterruptedException {
        Duration time = duration.compareTo(WHY_TCP) > 0 ? duration : WHY_TCP;
        int percent = loss == 0 ? WHY_TCP_LOSS_PERCENT : (int) Math.max(1, Math.round(loss));
        screen.startsWhyTcp(time);
        return WhyTcp.measure(WhyTcp.feed(time), percent);
    }

    private LabReport measured(LabPlan plan, LabScreen screen) throws InterruptedException {
        try (ServerProcess own = hasOwnServer() ? new ServerProcess(serve()) : null) {
            LabPlan whole = own == null ? plan : plan.at(own.address());
            screen.starts(whole);
            if (leavesOutCompression) {
                screen.leavesOutCompression();
            }
            return new LabRun(whole, screen).run();
        } catch (LabFailedException failed) {
            throw Complaint.failure(failed.getMessage());
        } finally {
            screen.clear();
        }
    }

    private boolean hasOwnServer() {
        return url == null && proxies.unixPath().isEmpty();
    }

    /** This very program, as a server. */
    private static List<String> serve() {
        String java = ProcessHandle.current().info().command().orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "serve", "--port", "0", "--compress", "--compress-threshold", "0");
    }

    private LabPlan plan() {
        try {
            URI server = url != null ? url : URI.create(proxies.unixPath().isPresent() ? "http://localhost/" : "http://127.0.0.1:1/");
            Feed feed = new Feed(Direction.PUSH, rate, size.atMost(64 * 1024, "--size"), duration);
            return new LabPlan(ways(), List.copyOf(EnumSet.copyOf(directions)), feed, server, hasOwnServer() || proxies.unixPath().isPresent(),
                    new Network(delay, loss / 100), pollInterval, tls.isInsecure(), tls.sslContext(), proxies.towards(URI.create(server.toString().replaceFirst("^http", "ws"))).map(ProxyRoute::through),
                    proxies.unixPath(), sweep(SIZES), sweep(RATES));
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
    }

    /** The points of a sweep that the feed's bounds allow; none unless a page wants them. */
    private List<Integer> sweep(List<Integer> points) {
        long most = Feed.MOST_BYTES_PER_SECOND / (points == SIZES ? rate : size.count());
        return html == null && markdown == null || whyTcp ? List.of() : points.stream().filter(point -> point <= most).toList();
    }

    private List<Way> ways() {
        Set<Way> chosen = EnumSet.noneOf(Way.class);
        for (String name : carriers) {
            chosen.add(Arrays.stream(Way.values()).filter(way -> way.label().equals(name.strip())).findFirst().orElseThrow(() ->
                    Complaint.wrongUse("no carrier is called '" + name + "'; there are " + String.join(", ", Arrays.stream(Way.values()).map(Way::label).toList()))));
        }
        leavesOutCompression = http2 && chosen.remove(Way.WEBSOCKET_COMPRESSED);
        if (http2 && chosen.remove(Way.WEBSOCKET)) {
            chosen.add(Way.WEBSOCKET_H2);
        }
        if (http2 && !chosen.contains(Way.WEBSOCKET_H2)) {
            throw Complaint.wrongUse(leavesOutCompression ? "compression is not measured over HTTP/2; leave out --http2, or name the carrier websocket too"
                    : "--http2 is for WebSockets, and --carrier names none");
        }
        return new ArrayList<>(chosen);
    }
}
