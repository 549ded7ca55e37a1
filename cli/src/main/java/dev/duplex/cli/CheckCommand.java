package dev.duplex.cli;

import dev.duplex.conformance.Checker;
import dev.duplex.conformance.ClientCheck;
import dev.duplex.conformance.Dial;
import dev.duplex.conformance.Options;
import dev.duplex.conformance.Report;
import dev.duplex.conformance.ReportFiles;
import dev.duplex.conformance.Result;
import dev.duplex.conformance.Verdict;
import dev.duplex.lab.LabFailedException;
import dev.duplex.lab.UnixDoor;
import dev.duplex.netty.StartException;
import dev.duplex.netty.Tls;
import dev.duplex.netty.UnixTarget;
import dev.duplex.proxy.Proxy;
import dev.duplex.proxy.ProxyRoute;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code duplex check}: judges any WebSocket server or client. */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
        customSynopsis = "duplex check [OPTION]... [URL]...",
        description = {"Judges any WebSocket server or client that echoes every message, by RFC 6455 and RFC 7692.", ""},
        footer = {
            "",
            "Exit status: 0 if nothing failed, 1 if something did or nobody answered, 2 for wrong use.",
            "",
            "Examples:",
            "  duplex check ws://127.0.0.1:8080/echo         the quick set",
            "  duplex check --full --html report.html ws://127.0.0.1:8080/echo",
            "  duplex check --only '6.4.*' --wire ws://127.0.0.1:8080/echo",
            "  duplex check --html both.html ws://127.0.0.1:8080/echo ws://127.0.0.1:9090/",
            "  duplex check --http2 wss://example.com/echo",
            "  duplex check ws+unix:/run/app.sock:/echo      through a Unix socket",
            "  duplex check --listen 9001                    then point a client at it",
            "  duplex check --listen 9001 --tls-self-signed  the same over wss"})
final class CheckCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 16 << 20;
    private final Streams streams;

    @Parameters(paramLabel = "URL", arity = "0..*", description = "Servers that echo: ws://host:port/path or wss://…")
    private List<URI> urls = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "PORT", description = "Judge clients: they ask for /getCaseCount, /runCase?case=N&agent=X and /updateReports?agent=X.")
    private Integer port;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "Where to listen (${DEFAULT-VALUE}).")
    private String host;

    @Mixin
    private TlsOptions tls;

    @Option(names = "--agents", paramLabel = "N", defaultValue = "1", description = "How many clients to wait for (${DEFAULT-VALUE}).")
    private int agents;

    @Option(names = "--silence", paramLabel = "TIME", defaultValue = "60s",
            description = "A client that says nothing for so long is taken for dead (${DEFAULT-VALUE}).")
    private Duration silence;

    @Option(names = "--only", paramLabel = "GLOB", split = ",", description = "Only these cases, such as 6.4.* or 9 or 1.1.1,2.*")
    private List<String> only = new ArrayList<>();

    @Option(names = "--jobs", paramLabel = "N", description = "How many cases run at a time (4).")
    private Integer jobs;

    @Option(names = "--full", description = "Messages of 16 MiB, and 1000 where the quick set sends 10.")
    private boolean full;

    @Option(names = "--max-message-bytes", paramLabel = "SIZE", description = "Cut longer messages to this size (1MiB; 16MiB with --full).")
    private Bytes maxMessageBytes;

    @Option(names = "--messages", paramLabel = "N", description = "Messages in each case of 9.7, 9.8, 12 and 13 (10; 1000 with --full).")
    private Integer messages;

    @Option(names = "--patience", paramLabel = "TIME", description = "Give up when nothing moves for so long (5s; 10s with --full).")
    private Duration patience;

    @Option(names = "--http2", description = "Play the cases over streams of HTTP/2 (RFC 8441), all but the openings that only HTTP/1.1 has.")
    private boolean http2;

    @Mixin
    private ClientTlsOptions clientTls;

    @Mixin
    private ViaOptions proxies;

    @Option(names = "--agent", paramLabel = "NAME", split = ",", description = "Names of the servers in reports, in their order (their URLs).")
    private List<String> names = new ArrayList<>();

    @Option(names = "--wire", description = "Show what went over the wire in cases that failed.")
    private boolean wire;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
    private Path json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML.")
    private Path junit;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the results as one self-contained page.")
    private Path html;

    @Option(names = "--compare", paramLabel = "FILE", split = ",", description = "JSON results of earlier runs, shown beside the new ones in --html.")
    private List<Path> compare = new ArrayList<>();

    CheckCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws InterruptedException {
        usage();
        try {
            List<Report> compared = new ArrayList<>();
            for (Path file : compare) {
                compared.addAll(ReportFiles.readJson(file));
            }
            List<Report> reports = new ArrayList<>();
            try {
                judge(reports);
            } finally {
                reports.forEach(this::print);
            }
            write(reports, Stream.concat(reports.stream(), compared.stream()).toList());
            return reports.stream().anyMatch(Report::failed) ? 1 : 0;
        } catch (IllegalArgumentException e) {
            throw Complaint.wrongUse(e.getMessage());
        } catch (IOException e) {
            throw Complaint.failure(e.getMessage());
        }
    }

    private void usage() {
        if (urls.isEmpty() == (port == null)) {
            throw Complaint.wrongUse("name the URL of a server, or --listen PORT for clients, not both; see duplex check --help");
        }
        if (names.size() > urls.size()) {
            throw Complaint.wrongUse("there are more --agent names than URLs");
        }
        if (port == null && tls.tls().isPresent()) {
            throw Complaint.wrongUse("certificates are for --listen; a wss:// URL needs none");
        }
        if (port != null && (http2 || clientTls.isGiven() || proxies.isGiven())) {
            throw Complaint.wrongUse("--listen waits for clients; --http2, --cacert, --cert, --key, --p12, --password-file, --insecure, --proxy, --no-proxy and --unix are for URLs");
        }
        urls.forEach(proxies::unix); // before the first of them is judged
        if (port != null && (port < 0 || port > 65535) || agents < 1) {
            throw Complaint.wrongUse("a port is 0 to 65535, and --agents at least 1");
        }
    }

    private Options options() {
        Options options = (full ? Options.full() : Options.quick()).only(only).insecure(clientTls.isInsecure()).tls(clientTls.sslContext()).http2(http2);
        options = jobs == null ? options : options.jobs(jobs);
        options = maxMessageBytes == null ? options : options.maxMessageBytes(maxMessageBytes.atMost(MOST_BYTES, "--max-message-bytes"));
        options = messages == null ? options : options.messages(messages);
        return patience == null ? options : options.patience(patience);
    }

    private void judge(List<Report> reports) throws IOException, InterruptedException {
        if (port == null) {
            servers(reports);
        } else {
            clients(reports);
        }
    }

    private void servers(List<Report> reports) throws IOException, InterruptedException {
        for (int i = 0; i < urls.size(); i++) {
            String name = i < names.size() ? names.get(i) : urls.get(i) + (http2 ? " over HTTP/2" : "");
            URI asked = proxies.unix(urls.get(i)).map(UnixTarget::request).orElse(urls.get(i));
            try (CheckProgress progress = new CheckProgress(streams); Way way = way(urls.get(i))) {
                reports.add(judged(asked, way, name, progress));
            } catch (ProtocolException e) {
                throw new IOException("no WebSocket at " + urls.get(i) + ": " + e.getMessage(), e);
            } catch (SSLException e) {
                throw new IOException("no TLS with " + urls.get(i) + noTls(e), e);
            } catch (IOException e) {
                throw new IOException("nobody answers at " + urls.get(i) + ": " + e.getMessage(), e);
            }
        }
    }

    /** The innermost message says most; only a certificate's fault goes away with an option. */
    private static String noTls(SSLException failed) {
        String told = failed.getMessage();
        boolean isOfCertificate = failed instanceof SSLPeerUnverifiedException;
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            told = cause.getMessage() == null ? told : cause.getMessage();
            isOfCertificate |= cause instanceof GeneralSecurityException;
        }
        return (isOfCertificate ? " (--insecure accepts any certificate): " : ": ") + told;
    }

    private Report judged(URI asked, Way way, String name, CheckProgress progress) throws IOException, InterruptedException {
        try {
            return Checker.server(asked, way.dial, name, options(), progress);
        } catch (IOException e) {
            throw way.why(e);
        }
    }

    /** How a server is reached. @param door the relay to an abstract name; null where none is needed */
    private record Way(Dial dial, UnixDoor door, String path) implements AutoCloseable {

        /** A relay lets everyone in, and only then finds nobody. */
        IOException why(IOException said) {
            return door == null || door.failure().isEmpty() ? said : new IOException("unix:" + path + " cannot be reached: " + door.failure(), said);
        }

        @Override
        public void close() {
            if (door != null) {
                door.close();
            }
        }
    }

    private Way way(URI url) {
        UnixTarget unix = proxies.unix(url).orElse(null);
        if (unix != null && UnixSocket.isAbstract(unix.path())) {
            UnixDoor door = door(unix.path());
            return new Way((host, port, patience) -> Dial.DIRECT.connect("127.0.0.1", door.address().getPort(), patience), door, unix.path());
        }
        if (unix != null) {
            return new Way((host, port, patience) -> UnixSocket.to(unix.path(), patience), null, unix.path());
        }
        Proxy proxy = proxies.towards(url).orElse(null);
        return new Way(proxy == null ? Dial.DIRECT : ProxyRoute.through(proxy)::connect, null, "");
    }

    private static UnixDoor door(String path) {
        try {
            return UnixDoor.to(path);
        } catch (LabFailedException impossible) {
            throw Complaint.wrongUse(impossible.getMessage());
        }
    }

    private void clients(List<Report> reports) throws IOException, InterruptedException {
        try (CheckProgress progress = new CheckProgress(streams); ClientCheck check = listen(progress)) {
            out().println("Listening on " + (tls.tls().isPresent() ? "wss" : "ws") + "://" + host + ":" + check.port() + "/ for " + agents + (agents == 1 ? " client." : " clients."));
            out().flush();
            while (reports.size() < agents) {
                reports.add(check.awaitReport(silence));
            }
        }
    }

    private ClientCheck listen(CheckProgress progress) throws IOException {
        try {
            InetSocketAddress address = new InetSocketAddress(host, port);
            Optional<Tls> shown = tls.tls();
            return shown.isPresent() ? Checker.clients(address, shown.get().sslContext(), options(), progress) : Checker.clients(address, options(), progress);
        } catch (StartException e) {
            throw Complaint.wrongUse(e.getMessage());
        } catch (IOException e) {
            throw Complaint.wrongUse("cannot listen on " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private void write(List<Report> reports, List<Report> shown) throws IOException {
        try {
            if (json != null) {
                ReportFiles.writeJson(json, reports);
            }
            if (junit != null) {
                ReportFiles.writeJunit(junit, reports);
            }
            if (html != null) {
                ReportFiles.writeHtml(html, shown);
            }
        } catch (IOException e) {
            throw new IOException("cannot write " + e.getMessage(), e);
        }
    }

    private void print(Report report) {
        for (Result result : report.results()) {
            if (result.verdict() == Verdict.FAIL || result.verdict() == Verdict.NON_STRICT) {
                String verdict = "%-10s".formatted(result.verdict().label());
                String painted = result.verdict() == Verdict.FAIL ? Colour.BAD.paint(verdict, streams.hasOutColours()) : verdict;
                out().printf("%s %-8s %s (%s)%n           %s%n", painted, result.id(), result.title(), result.section(), Printable.line(result.sentence()));
            }
            if (wire && result.verdict() == Verdict.FAIL) {
                result.wire().forEach(line -> out().println("             " + Printable.line(line)));
            }
        }
        out().println(report.summary());
        out().flush();
    }

    private PrintStream out() {
        return streams.out();
    }
}
