package dev.duplex.cli;

import dev.duplex.load.LoadFailedException;
import dev.duplex.load.LoadMode;
import dev.duplex.load.LoadPlan;
import dev.duplex.load.LoadReport;
import dev.duplex.load.LoadRun;
import dev.duplex.load.Payload;
import dev.duplex.load.Via;
import dev.duplex.netty.UnixTarget;
import dev.duplex.protocol.Headers;
import dev.duplex.proxy.Proxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.jr.ob.JSON;

/** {@code duplex bench}: load for any WebSocket server, and what it measured. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "duplex bench [OPTION]... URL",
        description = {
            "Puts load on a WebSocket server and measures throughput and latency.",
            "",
            "Without --rate each answer is followed by the next message: that shows the most a server can do. With --rate "
                    + "messages are sent at their time, answered or not, and a latency counts from the moment at which its message was to be sent: that shows what users feel.",
            "",
            "  --mode echo       the server sends back every message",
            "  --mode broadcast  one more connection sends, and all others await it",
            "  --mode handshake  connections are opened and closed again and again",
            "  --mode idle       connections are opened and stay silent",
            "",
        },
        footer = {
            "",
            "Exit status: 0 if all went well and every bound held, 1 if not, 2 for wrong use.",
            "",
            "Examples:",
            "  duplex bench ws://127.0.0.1:8080/echo",
            "  duplex bench --connections 100 --depth 16 --size 1KiB ws://127.0.0.1:8080/echo",
            "  duplex bench --rate 5000 --p99 '<5ms' --json out.json ws://127.0.0.1:8080/echo",
            "  duplex bench --http2 --connections 500 wss://example.com/echo",
            "  duplex bench ws+unix:/run/app.sock:/echo",
            "  duplex bench --mode broadcast --connections 1000 ws://127.0.0.1:8080/room/load",
        })
final class BenchCommand implements Callable<Integer> {
    private static final int LARGEST_MESSAGE_BYTES = 256 << 20;

    /** What an orderly end may take: late answers, then Close. */
    private static final Duration END_WAIT = Duration.ofSeconds(12);

    @Parameters(paramLabel = "URL", description = "ws:// or wss://, such as ws://127.0.0.1:8080/echo.")
    private URI url;

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "echo", description = "echo, broadcast, handshake or idle; ${DEFAULT-VALUE}.")
    private LoadMode mode;

    @Option(names = {"-c", "--connections"}, paramLabel = "N", defaultValue = "10", description = "Connections open at once; ${DEFAULT-VALUE}.")
    private int connections;

    @Option(names = {"-s", "--size"}, paramLabel = "BYTES", defaultValue = "125", description = "Bytes of a message, such as 512 or 16KiB; ${DEFAULT-VALUE}.")
    private Bytes size;

    @Option(names = "--depth", paramLabel = "N", defaultValue = "1", description = "Messages under way at once on each connection; ${DEFAULT-VALUE}.")
    private int depth;

    @Option(names = {"-r", "--rate"}, paramLabel = "N", description = "Send so many messages a second over all connections, at most 10000000, whatever comes back.")
    private Double rate;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", defaultValue = "10s", description = "How long to measure; ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(names = {"--warm-up", "--warmup"}, paramLabel = "TIME", defaultValue = "2s", description = "Load before the measurement; ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @ArgGroup
    private Kind kind = new Kind();

    /** Text or binary, not both. */
    static final class Kind {
        @Option(names = "--text", description = "Messages are text: ASCII, JSON records; the default.")
        private boolean text;

        @Option(names = "--binary", description = "Messages are binary: bytes without a pattern.")
        private boolean binary;
    }

    @Option(names = {"--deflate", "--compress"}, description = "Compress every message (permessage-deflate, no context takeover); the server must agree.")
    private boolean deflate;

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "One more header field of each request; may be repeated.")
    private List<String> headers = List.of();

    @Option(names = "--http2", description = "Open the WebSockets as streams of HTTP/2 (RFC 8441), many on one connection; the server must speak it.")
    private boolean http2;

    @Option(names = "--streams", paramLabel = "N", description = "With --http2: at most so many on one connection; as many as the server allows.")
    private Integer streamsEach;

    @Mixin
    private ClientTlsOptions tls;

    @Mixin
    private ViaOptions proxies;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "Threads to load with; ${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON; - writes it to standard output, and nothing else.")
    private String json;

    @Option(names = "--p50", paramLabel = "BOUND", description = "What the median latency must keep to, such as '<1ms'.")
    private String p50;

    @Option(names = "--p90", paramLabel = "BOUND", description = "The same for the latency of 9 in 10.")
    private String p90;

    @Option(names = "--p99", paramLabel = "BOUND", description = "The same for the latency of 99 in 100.")
    private String p99;

    @Option(names = {"--p999", "--p99.9"}, paramLabel = "BOUND", description = "The same for the latency of 999 in 1000.")
    private String p999;

    @Option(names = "--max", paramLabel = "BOUND", description = "The same for the longest latency.")
    private String max;

    @Option(names = "--throughput", paramLabel = "BOUND", description = "What must come back in a second, such as '>10000'.")
    private String throughput;

    private final Streams streams;

    BenchCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.set(false);
        BenchScreen screen = new BenchScreen(streams);
        BenchBounds bounds = new BenchBounds()
                .latency("--p50", p50, 50)
                .latency("--p90", p90, 90)
                .latency("--p99", p99, 99)
                .latency("--p99.9", p999, 99.9)
                .latency("--max", max, 100)
                .throughput("--throughput", throughput);
        LoadRun run = new LoadRun(plan(), screen);
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Stop stop = Stop.onSignal(() -> stopped(run, status));
        try {
            status.complete(judged(measured(run, screen), screen, bounds));
            return status.join();
        } finally {
            stop.cancel();
        }
    }

    /** Ctrl-C ends the measurement, not the report of what was measured until then. */
    private static int stopped(LoadRun run, CompletableFuture<Integer> status) {
        run.stop();
        return status.completeOnTimeout(1, END_WAIT.toMillis(), TimeUnit.MILLISECONDS).exceptionally(failed -> 1).join();
    }

    private static LoadReport measured(LoadRun run, BenchScreen screen) throws InterruptedException {
        try {
            return run.run();
        } catch (LoadFailedException failed) {
            throw Complaint.failure(failed.getMessage());
        } finally {
            screen.clear();
        }
    }

    private int judged(LoadReport report, BenchScreen screen, BenchBounds bounds) {
        boolean isJsonAlone = "-".equals(json);
        if (!isJsonAlone) {
            screen.show(report);
        }
        boolean holds = bounds.judge(report, isJsonAlone ? streams.err() : streams.out());
        write(report);
        streams.out().flush();
        return report.isFaultless() && holds ? 0 : 1;
    }

    private LoadPlan plan() {
        int bytes = size.atMost(LARGEST_MESSAGE_BYTES, "--size");
        if (rate != null && !(rate > 0)) {
            throw Complaint.wrongUse("--rate is messages a second, more than 0");
        }
        try {
            return new LoadPlan(proxies.unix(url).map(UnixTarget::request).orElse(url), mode, connections, depth, rate == null ? 0 : rate, kind.binary ? Payload.binary(bytes) : Payload.text(bytes),
                    deflate, warmUp, duration, threads, tls.isInsecure(), tls.sslContext(), fields(), via(), streams());
        } catch (IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
    }

    private int streams() {
        if (streamsEach != null && !http2) {
            throw Complaint.wrongUse("--streams goes with --http2");
        }
        if (streamsEach != null && streamsEach < 1) {
            throw Complaint.wrongUse("--streams is 1 or more");
        }
        return !http2 ? 0 : streamsEach == null ? LoadPlan.AS_MANY_AS_ALLOWED : streamsEach;
    }

    private Via via() {
        UnixTarget unix = proxies.unix(url).orElse(null);
        if (unix != null) {
            return new Via.Unix(unix.path());
        }
        Proxy proxy = proxies.towards(url).orElse(null);
        return proxy == null ? new Via.Direct() : new Via.Through(proxy);
    }

    private Headers fields() {
        Headers fields = Headers.empty();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw Complaint.wrongUse("--header wants 'NAME: VALUE', not '" + header + "'");
            }
            fields = fields.with(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        return fields;
    }

    private void write(LoadReport report) {
        if (json == null) {
            return;
        }
        try {
            String text = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(report.toMap()) + "\n";
            if (json.equals("-")) {
                streams.out().print(text);
            } else {
                Files.writeString(Path.of(json), text);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Complaint.failure("cannot write " + json + ": " + e.getMessage());
        }
    }
}
