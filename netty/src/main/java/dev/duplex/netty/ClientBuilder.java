package dev.duplex.netty;

import dev.duplex.api.Opening;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.WireTap;
import dev.duplex.proxy.Proxies;
import dev.duplex.proxy.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The settings of a {@link WebSocketClient}. */
public final class ClientBuilder {
    /** No write deadline: a server that makes its clients wait is no attack, and pings find a dead one. */
    ConnectionOptions connection = ConnectionOptions.STANDARD.withWriteDeadline(Duration.ZERO);
    Headers headers = Headers.empty();
    List<String> subprotocols = List.of();
    int maxRedirects;
    boolean isInsecure;
    Path trusted;
    Path trustedPassword;
    Tls certificate;
    boolean isHttp2;
    int eventLoops;
    IoTransport transport = IoTransport.BEST;
    Function<Opening, WireTap> wire = opening -> null;
    Proxies proxies;
    String unixPath;
    InetSocketAddress relay;
    TcpOptions tcp = TcpOptions.SYSTEM;

    ClientBuilder() {}

    /**
     * One more header field of the opening request.
     *
     * @throws IllegalArgumentException if the name is not a token or the value has a control character
     */
    public ClientBuilder header(String name, String value) {
        headers = headers.with(name, value);
        return this;
    }

    /** The page that this client acts for; none by default, as only browsers have one. */
    public ClientBuilder origin(String origin) {
        return header("Origin", origin);
    }

    /** The subprotocols offered, in order of preference. */
    public ClientBuilder subprotocols(String... names) {
        subprotocols = List.of(names);
        return this;
    }

    /** Offers permessage-deflate; off by default. */
    public ClientBuilder deflate(DeflateOptions options) {
        connection = connection.withDeflate(options);
        return this;
    }

    /** What a server may make this client hold or do; {@link Limits#defaults}. */
    public ClientBuilder limits(Limits limits) {
        connection = connection.withLimits(limits);
        return this;
    }

    /** Pings a silent server; see {@link ServerBuilder#pings}. */
    public ClientBuilder pings(Duration interval, Duration wait) {
        connection = connection.withPings(interval, wait);
        return this;
    }

    /** How many unsent bytes a connection may hold; see {@link ServerBuilder#outbound}. */
    public ClientBuilder outbound(int highMarkBytes, int hardMarkBytes) {
        connection = connection.withMarks(highMarkBytes, hardMarkBytes);
        return this;
    }

    /** For name, TCP, TLS and answer together, redirects included; 10 s. */
    public ClientBuilder handshakeDeadline(Duration deadline) {
        connection = connection.withHandshakeDeadline(deadline);
        return this;
    }

    /** How long the server may take none of the bytes that wait for it before the connection is ended; zero, for ever. */
    public ClientBuilder writeDeadline(Duration deadline) {
        connection = connection.withWriteDeadline(deadline);
        return this;
    }

    /** How long the server may take to answer a Close, and then to end TCP; 5 s. */
    public ClientBuilder closeWait(Duration wait) {
        connection = connection.withCloseWait(wait);
        return this;
    }

    /**
     * Follows redirects; 0, because a redirect can carry credentials to strangers.
     *
     * <p>Never from {@code wss} to {@code ws}; to another origin without Authorization, Cookie and Proxy-Authorization.
     *
     * @param most 0 to 5
     */
    public ClientBuilder followRedirects(int most) {
        if (most < 0 || most > 5) {
            throw new IllegalArgumentException("0 to 5 redirects may be followed, not " + most);
        }
        maxRedirects = most;
        return this;
    }

    /** Trusts the certificates of a PEM file instead of the system's. */
    public ClientBuilder trust(Path pem) {
        trusted = Objects.requireNonNull(pem, "pem");
        trustedPassword = null;
        return this;
    }

    /**
     * Trusts the certificates of a PKCS#12 store instead of the system's.
     *
     * @param passwordFile its first line is the store's password
     */
    public ClientBuilder trust(Path store, Path passwordFile) {
        trusted = Objects.requireNonNull(store, "store");
        trustedPassword = Objects.requireNonNull(passwordFile, "passwordFile");
        return this;
    }

    /** Shows a certificate to servers that ask for one: who this client is. */
    public ClientBuilder certificate(Tls own) {
        certificate = Objects.requireNonNull(own, "own");
        return this;
    }

    /** Trusts every certificate of every host: for trials on one's own machine alone. */
    public ClientBuilder insecure() {
        isInsecure = true;
        return this;
    }

    /** Goes through a proxy to every server, {@code ws} and {@code wss} alike; {@link Proxy#parse} reads one. None by default. */
    public ClientBuilder proxy(Proxy proxy) {
        return proxies(Proxies.of(proxy));
    }

    /** Goes through the proxy that is for a server, if any, such as {@link Proxies#system}. */
    public ClientBuilder proxies(Proxies choice) {
        proxies = Objects.requireNonNull(choice, "choice");
        return this;
    }

    /**
     * Opens WebSockets as streams of HTTP/2 (RFC 8441), those to one origin over one connection; off.
     *
     * <p>For {@code wss} TLS chooses: with a server that does not speak it, HTTP/1.1 it is. For {@code ws} the server must be known
     * to speak it.
     */
    public ClientBuilder http2() {
        isHttp2 = true;
        return this;
    }

    /** Connects to a Unix domain socket, whatever host a URI names; {@code @name} for one of Linux's abstract namespace. */
    public ClientBuilder unix(String path) {
        unixPath = Objects.requireNonNull(path, "path");
        return this;
    }

    /** Connects to a relay, whatever host a URI names; to a {@code wss} server it is the relay that speaks TLS, not this client. */
    public ClientBuilder relay(InetSocketAddress address) {
        relay = Objects.requireNonNull(address, "address");
        return this;
    }

    /** What the system does about a server that falls silent; {@link TcpOptions#SYSTEM}. */
    public ClientBuilder tcp(TcpOptions options) {
        tcp = Objects.requireNonNull(options, "options");
        return this;
    }

    /** Event loops of this client's own, ended with it; by default all clients share some. */
    public ClientBuilder eventLoops(int number) {
        eventLoops = number;
        return this;
    }

    /** What moves the bytes; {@link IoTransport#BEST}. */
    public ClientBuilder transport(IoTransport choice) {
        transport = Objects.requireNonNull(choice, "choice");
        return this;
    }

    /** Shows handshake, frames and end of a connection to a tap; null for a connection that nobody watches. */
    public ClientBuilder wire(Function<Opening, WireTap> taps) {
        this.wire = Objects.requireNonNull(taps, "taps");
        return this;
    }

    /** These settings as they are now. */
    ClientBuilder copy() {
        ClientBuilder copy = new ClientBuilder();
        copy.connection = connection;
        copy.headers = headers;
        copy.subprotocols = subprotocols;
        copy.maxRedirects = maxRedirects;
        copy.isInsecure = isInsecure;
        copy.trusted = trusted;
        copy.trustedPassword = trustedPassword;
        copy.certificate = certificate;
        copy.isHttp2 = isHttp2;
        copy.eventLoops = eventLoops;
        copy.transport = transport;
        copy.wire = wire;
        copy.proxies = proxies;
        copy.unixPath = unixPath;
        copy.relay = relay;
        copy.tcp = tcp;
        return copy;
    }

    /**
     * The client.
     *
     * @throws IllegalArgumentException if a file to trust, or to show, cannot be used
     */
    public WebSocketClient build() {
        return new WebSocketClient(this);
    }
}
