package dev.duplex.netty;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.protocol.WireTap;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of a {@link WebSocketServer}, each with a default that is safe on the open internet. */
public final class ServerBuilder {
    private ConnectionOptions connection = ConnectionOptions.STANDARD;
    private String host = "";
    private int port = 8080;
    private Binding binding;
    private boolean sharesPort;
    private boolean inherits;
    private TcpOptions tcp = TcpOptions.SYSTEM;
    private OriginPolicy origins = OriginPolicy.sameOrigin();
    private Tls tls;
    private final Router<Endpoint> endpoints = new Router<>();
    private final Router<Page> pages = new Router<>();
    private final Router<HttpService> services = new Router<>();
    private HttpCarrier carrier;
    private Set<String> hosts = Set.of();
    private int maxConnections;
    private long memoryBytes;
    private AddressLimit addresses = new AddressLimit(0, 0);
    private TrustedProxies proxies = TrustedProxies.NONE;
    private int eventLoops;
    private IoTransport transport = IoTransport.BEST;
    private Function<Opening, WireTap> wire = opening -> null;

    ServerBuilder() {}

    /** The address to listen on, by name or number; all interfaces if not set. */
    public ServerBuilder host(String name) {
        this.host = Objects.requireNonNull(name, "name");
        return this;
    }

    /** The TCP port, 0 to 65535; 8080. 0 takes a free one, which {@link WebSocketServer#port} tells. */
    public ServerBuilder port(int number) {
        if (number < 0 || number > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + number);
        }
        this.port = number;
        return this;
    }

    /**
     * Lets other processes listen on the same port, which share what comes (SO_REUSEPORT); all of them must want it.
     *
     * <p>Connections that wait for one of them when it ends are lost.
     */
    public ServerBuilder reusePort() {
        sharesPort = true;
        return this;
    }

    /** What the system does about clients that fall silent; {@link TcpOptions#SYSTEM}. */
    public ServerBuilder tcp(TcpOptions options) {
        tcp = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Listens on the socket that this process was started with, if it was: systemd's socket activation ({@code LISTEN_FDS} and
     * {@code LISTEN_PID}). Whoever has connected meanwhile is served. One socket, of TCP or Unix; wants Linux's epoll.
     */
    public ServerBuilder inherit() {
        inherits = true;
        return this;
    }

    /** Listens on a Unix domain socket instead of TCP, for its user and group alone; see {@link #unix(String, String)}. */
    public ServerBuilder unix(String path) {
        return unix(path, "rw-rw----");
    }

    /**
     * Listens on a Unix domain socket instead of TCP.
     *
     * <p>The file is removed at the end. One that a server left behind is replaced; one that is listened on is in use.
     *
     * @param path of its file; {@code @name} for a name of Linux's abstract namespace, which everyone on the machine may connect to
     * @param permissions who may connect, as {@code rw-rw----}
     * @throws IllegalArgumentException if the permissions are none
     */
    public ServerBuilder unix(String path, String permissions) {
        binding = new UnixBinding(Objects.requireNonNull(path, "path"), PosixFilePermissions.fromString(permissions));
        return this;
    }

    /**
     * Opens WebSockets at a route such as {@code /room/{name}}, whose variables {@link Opening#variable} tells.
     *
     * <p>Of several routes that match a path the most specific wins: a literal segment before a variable, from the left.
     *
     * @throws IllegalArgumentException if the route is malformed, or matches the same paths as one before
     */
    public ServerBuilder endpoint(String route, Endpoint endpoint) {
        endpoints.add(route, Objects.requireNonNull(endpoint, "endpoint"));
        return this;
    }

    /** Answers plain HTTP at a route; see {@link #endpoint}. An endpoint and an HTTP route may share a path. */
    public ServerBuilder http(String route, HttpRoute answers) {
        Objects.requireNonNull(answers, "answers");
        pages.add(route, (query, below) -> Reply.of(answers.answer(query)));
        return this;
    }

    /** Serves plain HTTP of several methods, with bodies, and with answers in their own time, at a route; see {@link #endpoint}. */
    public ServerBuilder service(String route, HttpService service) {
        services.add(route, Objects.requireNonNull(service, "service"));
        return this;
    }

    /** Carries connections over plain HTTP too, at the paths of all endpoints; nothing by default. */
    public ServerBuilder carrier(HttpCarrier beside) {
        this.carrier = Objects.requireNonNull(beside, "beside");
        return this;
    }

    /**
     * Serves the files of a directory below a route, {@code index.html} for the route itself.
     *
     * <p>Nothing outside the directory is served, and no file or directory whose name begins with a dot.
     *
     * @throws IllegalArgumentException if the directory cannot be read
     */
    public ServerBuilder files(String route, Path directory) {
        pages.addBelow(route, new StaticFiles(directory));
        return this;
    }

    /** Which web pages may connect; {@link OriginPolicy#sameOrigin}, or any page could act as its visitor. */
    public ServerBuilder origins(OriginPolicy policy) {
        this.origins = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * The names that this server goes by, without ports; any by default.
     *
     * <p>With names set, a web page cannot reach a local server by a name of its own that it points here (DNS rebinding): 421.
     */
    public ServerBuilder hosts(String... names) {
        this.hosts = Stream.of(names).map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        return this;
    }

    /** What a peer may make this server hold or do; {@link Limits#defaults}. */
    public ServerBuilder limits(Limits limits) {
        connection = connection.withLimits(limits);
        return this;
    }

    /** Allows permessage-deflate to clients that offer it; off, because it costs memory and time, and can leak secrets. */
    public ServerBuilder deflate(DeflateOptions options) {
        connection = connection.withDeflate(options);
        return this;
    }

    /** Serves {@code https} and {@code wss} instead of {@code http} and {@code ws}; changed files are read again by themselves. */
    public ServerBuilder tls(Tls certificate) {
        this.tls = Objects.requireNonNull(certificate, "certificate");
        return this;
    }

    /**
     * Pings each peer, which measures the round trip, and ends the connection if it stays silent; 25 s and 8 s.
     *
     * @param interval from one Ping to the next; zero switches them off
     * @param wait how long no byte at all may come after a Ping
     */
    public ServerBuilder pings(Duration interval, Duration wait) {
        connection = connection.withPings(interval, wait);
        return this;
    }

    /**
     * How many unsent bytes a connection may hold; 64 KiB and 1 MiB.
     *
     * @param highMarkBytes from here on a connection is not writable
     * @param hardMarkBytes from here on {@link dev.duplex.api.Overflow} rules
     */
    public ServerBuilder outbound(int highMarkBytes, int hardMarkBytes) {
        connection = connection.withMarks(highMarkBytes, hardMarkBytes);
        return this;
    }

    /** For TLS and the request together, and for the next request of a connection that stays; 10 s, against slow senders. */
    public ServerBuilder handshakeDeadline(Duration deadline) {
        connection = connection.withHandshakeDeadline(deadline);
        return this;
    }

    /** How long a peer may take none of the bytes that wait for it before the connection is ended; 10 s, zero for ever. */
    public ServerBuilder writeDeadline(Duration deadline) {
        connection = connection.withWriteDeadline(deadline);
        return this;
    }

    /** How long a peer may take to answer a Close before the connection is ended; 5 s. */
    public ServerBuilder closeWait(Duration wait) {
        connection = connection.withCloseWait(wait);
        return this;
    }

    /**
     * How many bytes all connections may hold together; by default half of what the process may have, of heap or direct memory.
     *
     * <p>From three quarters on newcomers are answered 503. Beyond the whole, a connection that holds more than its share of
     * 64 KiB and takes more is closed with 1013.
     */
    public ServerBuilder memory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("there must be memory for connections: " + bytes);
        }
        this.memoryBytes = bytes;
        return this;
    }

    /** Connections above this number are answered 503; by default what file descriptors allow. */
    public ServerBuilder maxConnections(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("there must be room for one connection: " + number);
        }
        this.maxConnections = number;
        return this;
    }

    /**
     * How many connections one address may have, and how many it may open in a second; what goes beyond is answered 429.
     *
     * <p>Off by default: behind a NAT, or a proxy that is not trusted, all come from one address. It is that of the TCP connection,
     * or of the client for whom a {@link #trustedProxies trusted proxy} speaks. Of IPv6 the first 64 bits count.
     *
     * @param most 0 for any number
     * @param mostNewPerSecond 0 for any number
     */
    public ServerBuilder connectionsPerAddress(int most, int mostNewPerSecond) {
        if (most < 0 || mostNewPerSecond < 0) {
            throw new IllegalArgumentException("a number of connections is not negative: " + most + ", " + mostNewPerSecond);
        }
        this.addresses = new AddressLimit(most, mostNewPerSecond);
        return this;
    }

    /**
     * The proxies in front of this server, whose word on the client is believed; none by default.
     *
     * <p>What {@code Forwarded} (RFC 7239), {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} tell then stands in
     * {@link Opening#remoteAddress} and {@link Opening#isSecure}, and rules limits on addresses and the check of origins. From
     * anyone else these headers are ignored. A proxy must set or delete each of them, or it passes on what a client has made up;
     * if the two kinds contradict each other, the answer is 400.
     *
     * @param networks such as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, {@code 192.0.2.1}, or {@code unix:} for all who come over a
     *     Unix domain socket
     * @throws IllegalArgumentException if one is anything else
     */
    public ServerBuilder trustedProxies(String... networks) {
        proxies = new TrustedProxies(Stream.of(networks).map(Network::parse).toList(), proxies.wantsHeader());
        return this;
    }

    /**
     * Expects a PROXY header, of version 1 or 2, at the beginning of each connection of a trusted proxy.
     *
     * <p>A trusted proxy that sends none is cut off, which the log tells; from anyone else it is an error like any other.
     */
    public ServerBuilder proxyProtocol() {
        proxies = new TrustedProxies(proxies.networks(), true);
        return this;
    }

    /** The number of event loops; one for each core. */
    public ServerBuilder eventLoops(int number) {
        this.eventLoops = number;
        return this;
    }

    /** What moves the bytes; {@link IoTransport#BEST}. */
    public ServerBuilder transport(IoTransport choice) {
        this.transport = Objects.requireNonNull(choice, "choice");
        return this;
    }

    /** Shows handshake, frames and end of a connection to a tap; null for a connection that nobody watches. */
    public ServerBuilder wire(Function<Opening, WireTap> taps) {
        this.wire = Objects.requireNonNull(taps, "taps");
        return this;
    }

    /**
     * Starts the server; it accepts connections when this returns.
     *
     * @throws StartException if it cannot, saying why
     * @throws IllegalArgumentException if settings contradict each other, or the transport is not to be had here
     */
    public WebSocketServer start() {
        MemoryBudget budget = new MemoryBudget(memoryBytes != 0 ? memoryBytes : MemoryBudget.standardBytes());
        Admission admission = new Admission(maxConnections != 0 ? maxConnections : Capacity.connections(), addresses, budget);
        Site site = new Site(connection, endpoints, pages, services, carrier, new RequestRules(hosts), origins, wire, tls != null,
                new AtomicBoolean(), new AtomicInteger(), new AtomicInteger(), proxies(), admission, budget);
        LiveTls liveTls = tls == null ? null : new LiveTls(tls);
        EventLoops loops = new EventLoops("duplex-server", eventLoops, transport, false);
        try {
            return new WebSocketServer(site, loops, liveTls, binding(), tcp);
        } catch (RuntimeException e) {
            loops.end(Duration.ZERO);
            throw e;
        }
    }

    private Binding binding() {
        Optional<Binding> inherited = inherits ? InheritedBinding.of(System.getenv(), ProcessHandle.current().pid()) : Optional.empty();
        return inherited.orElse(binding != null ? binding : new TcpBinding(host, port, sharesPort));
    }

    private TrustedProxies proxies() {
        if (proxies.networks().isEmpty() && proxies.wantsHeader()) {
            throw new IllegalArgumentException("the PROXY protocol is spoken by trusted proxies alone, and none is named");
        }
        return proxies;
    }
}
