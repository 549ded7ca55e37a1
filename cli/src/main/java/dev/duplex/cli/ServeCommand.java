package dev.duplex.cli;

import dev.duplex.api.Opening;
import dev.duplex.fallback.EngineIo;
import dev.duplex.fallback.Fallback;
import dev.duplex.lab.FeedEndpoint;
import dev.duplex.lab.RequestHead;
import dev.duplex.lab.ServerFacts;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.StartException;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import dev.duplex.signalling.Signalling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code duplex serve}: an echo, rooms, a feed, and the page. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "duplex serve [OPTION]...",
        description = {
            "Serves WebSockets, and a page to try them. What cannot open a WebSocket opens the same connections over plain HTTP.",
            "",
            "  /             the page",
            "  /echo         sends back every message",
            "  /room/{name}  what one says all others in the room hear",
            "  /time         sends the time each second",
            "  /lab          what each carrier costs, live in the browser",
            "  /lab/webrtc   what a WebSocket and data channels make of loss",
            "  /lab/feed     what is measured there and by duplex lab",
            "  /call/{room}  a video call from browser to browser; /signal/{room} starts it",
            "  /engine.io/   the echo for clients of Engine.IO 4",
            "  /health       answers plain HTTP with 200 while the server runs",
            "",
            "Certificates that change are read again within some seconds, or at once by SIGHUP; connections stay.",
            "The addresses it listens on are printed, one a line. Ctrl-C or SIGTERM ends it: every connection is closed with 1001. Once more, and it ends at once.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  duplex serve --port 0",
            "  duplex serve --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem",
            "  duplex serve --unix /run/app.sock",
            "  duplex serve --max-message-bytes 16MiB --compress",
        })
final class ServeCommand implements Callable<Integer> {

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "Name or address to listen on; ${DEFAULT-VALUE}. 0.0.0.0 is every one.")
    private String host;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8080", description = "TCP port; ${DEFAULT-VALUE}. 0 takes a free one.")
    private int port;

    @Mixin
    private ListenOptions listen;

    @Option(names = "--drain", paramLabel = "TIME", defaultValue = "30s",
            description = "How long connections may take to close when the server ends; ${DEFAULT-VALUE}. "
                    + "Keep it below what your service manager waits before it kills: 8s under Docker, which waits 10 s.")
    private Duration drain;

    @Option(names = "--max-message-bytes", paramLabel = "BYTES", defaultValue = "1MiB",
            description = "Largest message accepted, such as 65536 or 16MiB; ${DEFAULT-VALUE}.")
    private Bytes maxMessageBytes;

    @Option(names = "--memory", paramLabel = "BYTES",
            description = "What all connections may hold together, such as 256MiB; by default half of what Java may take.")
    private Bytes memory;

    @Option(names = "--connections-per-address", paramLabel = "N",
            description = "How many connections each client's address may have, such as 100; any number by default, since many may share one.")
    private Integer connectionsPerAddress;

    @Option(names = "--compress", description = "Allow compression (permessage-deflate) to clients that offer it.")
    private boolean compress;

    @Option(names = "--compress-threshold", paramLabel = "BYTES", defaultValue = "1KiB",
            description = "Smaller messages go uncompressed; ${DEFAULT-VALUE}.")
    private Bytes compressThreshold;

    @Option(names = "--allow-origin", paramLabel = "ORIGIN",
            description = "Let pages of this origin connect too, as https://a.example; may be repeated; * for all. Pages of this server always may.")
    private List<String> origins = List.of();

    @Option(names = "--static", paramLabel = "DIR", description = "Serve the files of a directory at /; if it has an index.html, the page moves to /duplex.")
    private Path directory;

    @Mixin
    private TlsOptions tls;

    @Mixin
    private ProxyOptions proxies;

    @Mixin
    private IceOptions ice;

    @Option(names = {"-v", "--verbose"}, description = "Show each handshake, frame and close on standard error.")
    private boolean verbose;

    private final Streams streams;

    ServeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Logging.set(verbose);
        try (TimeFeed time = new TimeFeed(); Signalling signalling = ice.signalling(); WebSocketServer server = start(time, signalling)) {
            Stop stop = Stop.onSignal(() -> drained(server));
            if (tls.tls().isPresent()) {
                Signals.on("HUP", () -> reloadTls(server));
            }
            try {
                server.addresses().forEach(streams.out()::println);
                streams.out().flush();
                return untilInterrupted(server);
            } finally {
                stop.cancel();
            }
        }
    }

    private WebSocketServer start(TimeFeed time, Signalling signalling) {
        Watchers watchers = new Watchers();
        try {
            ServerBuilder builder = WebSocketServer.builder()
                    .host(host)
                    .port(port)
                    .endpoint("/echo", opening -> new Echo())
                    .endpoint("/room/{name}", new Rooms())
                    .endpoint("/time", time)
                    .endpoint("/wire/{token}", watchers)
                    .carrier(new Fallback())
                    .endpoint("/lab/feed", new FeedEndpoint())
                    .http(ServerFacts.PATH, query -> HttpAnswer.text(200, ServerFacts.told()).with("Cache-Control", "no-store"))
                    .endpoint("/signal/{room}", signalling)
                    .http("/lab/head", query -> HttpAnswer.text(200, RequestHead.bytes("", "", query.headers()) + "\n").with("Cache-Control", "no-store"))
                    .http("/health", query -> HttpAnswer.text(200, "ok\n"))
                    .wire(verbose ? tracing(watchers) : watchers::tap);
            EngineIo.at(builder, "/engine.io/", opening -> new Echo());
            listen.in(builder);
            limits(builder);
            site(builder);
            tls.tls().ifPresent(builder::tls);
            proxies.in(builder);
            return builder.start();
        } catch (StartException | IllegalArgumentException wrong) {
            throw Complaint.wrongUse(wrong.getMessage());
        }
    }

    private void limits(ServerBuilder builder) {
        int largest = maxMessageBytes.atMost(Limits.LARGEST_MESSAGE_BYTES, "--max-message-bytes");
        builder.limits(Limits.defaults().withMaxMessageBytes(largest));
        // A message of the largest size must find room on its way out, or nobody in a room could hear it.
        builder.outbound(64 * 1024, (int) Math.min(Integer.MAX_VALUE, Math.max(1 << 20, 2L * largest)));
        if (memory != null) {
            builder.memory(memory.count());
        }
        if (connectionsPerAddress != null) {
            if (connectionsPerAddress < 1) {
                throw Complaint.wrongUse("--connections-per-address: there must be room for one connection, not " + connectionsPerAddress);
            }
            builder.connectionsPerAddress(connectionsPerAddress, 0);
        }
        if (compress) {
            builder.deflate(DeflateOptions.defaults()
                    .withThresholdBytes(compressThreshold.atMost(Limits.LARGEST_MESSAGE_BYTES, "--compress-threshold")));
        }
        if (origins.contains("*")) {
            builder.origins(OriginPolicy.any());
        } else if (!origins.isEmpty()) {
            builder.origins(OriginPolicy.allowing(origins.toArray(String[]::new)));
        }
    }

    private void site(ServerBuilder builder) {
        if (directory == null) {
            Site.page(builder);
        } else {
            Site.files(builder, directory);
        }
    }

    private Function<Opening, WireTap> tracing(Watchers watchers) {
        AtomicInteger connections = new AtomicInteger();
        return opening -> {
            String prefix = "#" + connections.incrementAndGet() + " ";
            streams.err().println(prefix + Printable.line(ProxyOptions.client(opening)));
            WireTap trace = new Trace(streams.err(), prefix, Role.SERVER, streams.hasErrColours());
            WireTap watch = watchers.tap(opening);
            return watch == null ? trace : new BothTaps(trace, watch);
        };
    }

    private void reloadTls(WebSocketServer server) {
        try {
            server.reloadTls();
            streams.err().println("duplex: read the certificates again");
        } catch (StartException wrong) {
            streams.err().println("duplex: the certificates stay as they were: " + Printable.line(wrong.getMessage()));
        }
    }

    private int drained(WebSocketServer server) {
        int open = server.connectionCount();
        if (open > 0) {
            streams.err().println("duplex: closing " + (open == 1 ? "1 connection" : open + " connections"));
        }
        server.close(drain);
        return 0;
    }

    /** In a process of its own nothing interrupts it: the signal ends the process. */
    private int untilInterrupted(WebSocketServer server) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.interrupted();
            return drained(server);
        }
        return 0;
    }
}
