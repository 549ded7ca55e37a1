package dev.duplex.netty;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Role;
import dev.duplex.proxy.ProxyHandshake;
import dev.duplex.proxy.ProxyRoute;
import dev.duplex.proxy.ProxyRoutes;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A client that opens WebSockets; may be shared by threads. Its threads are daemons: a program may end without closing it. */
public final class WebSocketClient implements AutoCloseable {
    /** The system's certificates take a while to read; all clients that trust them share one. */
    private static final class SystemTrust {
        static final SslContext TLS = ClientTls.context(new ClientBuilder());
    }

    /** Why there is no connection. */
    static final String CLOSED = "the client is closed";

    private final ClientBuilder settings;
    private final SslContext ownTls;
    private final EventLoops ownLoops;
    private final Set<NettyConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Connecting> openings = ConcurrentHashMap.newKeySet();
    private final Set<Reconnecting> kept = ConcurrentHashMap.newKeySet();
    private final ProxyRoutes proxies;
    private final Http2Clients shared = new Http2Clients();
    private volatile boolean isClosed;

    WebSocketClient(ClientBuilder builder) {
        settings = builder.copy();
        proxies = settings.proxies == null ? null : new ProxyRoutes(settings.proxies);
        ownTls = ClientTls.isOwn(settings) || settings.isHttp2 ? ClientTls.context(settings) : null;
        ownLoops = settings.eventLoops == 0 && settings.transport == IoTransport.BEST ? null
                : new EventLoops("duplex-client", settings.eventLoops, settings.transport, true);
    }

    /** Settings for a client. */
    public static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /**
     * Opens one conversation with all settings at their defaults; see {@link #converse(URI)}.
     *
     * @param uri {@code ws://} or {@code wss://}
     */
    public static Conversation connect(String uri) {
        return connect(URI.create(uri));
    }

    /** Opens one conversation with all settings at their defaults; see {@link #converse(URI)}. */
    public static Conversation connect(URI uri) {
        return builder().build().converse(uri);
    }

    /**
     * Opens a WebSocket in blocking style, and waits until it is open; not to be called on an event loop.
     *
     * @throws ConnectFailedException if it cannot be opened, saying why
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public Conversation converse(URI uri) {
        return converse(uri, false);
    }

    /** The same with messages in parts: {@link Conversation#receivePart} instead of {@link Conversation#receive}. */
    public Conversation converseInParts(URI uri) {
        return converse(uri, true);
    }

    private Conversation converse(URI uri, boolean wantsParts) {
        CompletableFuture<Conversation> opened = new CompletableFuture<>();
        try {
            open(uri, Conversation.listener(opened, wantsParts)).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ConnectFailedException failed ? failed.again() : e;
        }
        return opened.join();
    }

    /**
     * Opens a WebSocket in callback style.
     *
     * @return completes on the connection's owner after {@link Listener#onOpen}; fails with {@link ConnectFailedException},
     *     and then no callback is ever made
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public CompletionStage<Connection> open(URI uri, Listener listener) {
        Objects.requireNonNull(listener, "listener");
        return open(uri, opening -> listener);
    }

    /**
     * The same with a listener that is made for the opening; if the endpoint throws, the stage fails.
     *
     * @param endpoint its subprotocols are offered behind the client's
     */
    public CompletionStage<Connection> open(URI uri, Endpoint endpoint) {
        return new Connecting(this, settings, uri, endpoint).start();
    }

    /**
     * Keeps a WebSocket open: when it is lost, or cannot be opened, it is opened again after a while.
     *
     * @param endpoint makes the listener of each new connection
     * @throws IllegalArgumentException if the URI is not one of a WebSocket
     */
    public Reconnecting keepOpen(URI uri, Endpoint endpoint, Reconnect reconnect) {
        return keepOpen(() -> open(uri, endpoint), reconnect);
    }

    /** The same for connections that are opened in some other way; the first at once. */
    public Reconnecting keepOpen(Supplier<CompletionStage<Connection>> opener, Reconnect reconnect) {
        Reconnecting.Scheduler scheduler = (task, delay) -> loops().group().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        Reconnecting reconnecting = new Reconnecting(opener, reconnect,
                new Reconnecting.Circumstances(scheduler, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble()));
        reconnecting.attempt();
        kept.add(reconnecting);
        reconnecting.ended().thenRun(() -> kept.remove(reconnecting));
        if (isClosed) {
            reconnecting.stop(CLOSED);
        }
        return reconnecting;
    }

    /**
     * Opens a connection whose bytes the caller carries, under this client's limits and pings.
     *
     * @param opening what the listener is told; its endpoint may throw, and then the stage fails
     * @param line told of the tunnel before the listener is called
     */
    public CompletionStage<Tunnel> tunnel(Opening opening, Endpoint endpoint, Tunnel.Line line) {
        EventLoop loop = loops().group().next();
        CompletableFuture<Tunnel> opened = new CompletableFuture<>();
        try {
            loop.execute(() -> {
                try {
                    opened.complete(tunnel(loop, opening, endpoint, line));
                } catch (RuntimeException | Error e) {
                    opened.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException loopsHaveEnded) {
            opened.completeExceptionally(new ConnectFailedException(CLOSED, null));
        }
        return opened.minimalCompletionStage();
    }

    private Tunnel tunnel(EventLoop loop, Opening opening, Endpoint endpoint, Tunnel.Line line) {
        Audience audience = Audience.of(endpoint, opening);
        Origin origin = new Origin(Role.CLIENT, opening, null, settings.wire.apply(opening), null, this::forget);
        Tunnel tunnel = new TunnelChannel(opening.remoteAddress(), loops().pulse(loop), line).open(loop, settings.connection, origin, audience);
        if (!register((NettyConnection) tunnel.connection())) {
            tunnel.connection().close(CloseReason.GOING_AWAY, "");
        }
        return tunnel;
    }

    /** What else opens connections in this client's name needs to know. */
    public ClientSettings settings() {
        return new ClientSettings(settings.headers, settings.subprotocols, settings.connection.handshakeDeadline(),
                settings.proxies != null || settings.unixPath != null || settings.relay != null, ClientTls.sslContext(settings));
    }

    /** Closes all its connections with 1001, without waiting, and opens no more. */
    @Override
    public void close() {
        isClosed = true;
        kept.forEach(each -> each.stop(CLOSED));
        openings.forEach(Connecting::clientIsClosed);
        shared.endWhenUnused();
        CompletableFuture<?>[] ends = connections.stream()
                .peek(WebSocketClient::sayGoodBye)
                .map(connection -> connection.closed().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        if (ownLoops != null) {
            CompletableFuture.allOf(ends).thenRun(ownLoops::endSoon);
        }
    }

    /** What carries another connection ends after it. */
    private static void sayGoodBye(NettyConnection connection) {
        if (!connection.isCarrying()) {
            connection.close(CloseReason.GOING_AWAY, "");
        }
    }

    /** A try to open a connection begins, in vain if this client is closed. */
    void begins(Connecting opening) {
        openings.add(opening);
        if (isClosed) {
            opening.clientIsClosed();
        }
    }

    /** It is known how it went. */
    void ends(Connecting opening) {
        openings.remove(opening);
    }

    /** @return false if the client is closed, and the connection must be as well */
    boolean register(NettyConnection connection) {
        connections.add(connection);
        return !isClosed || !connections.remove(connection);
    }

    void forget(NettyConnection connection) {
        connections.remove(connection);
    }

    /**
     * The way to a server through a proxy; null if there is none. May block.
     *
     * @throws UnknownHostException if the proxy wants an address of the server, and there is none
     */
    ProxyHandshake proxyTo(URI uri, ClientHandshake aimed) throws UnknownHostException {
        ProxyRoute route = proxies == null ? null : proxies.towards(uri).orElse(null);
        return route == null ? null : route.to(aimed.host(), aimed.port());
    }

    /** Opens a WebSocket over a connection of HTTP/2 that is there already. @return false if there is none */
    boolean openOver(ClientHandshake handshake, String unixPath, ClientOpening.Outcome outcome) {
        return shared.open(handshake, unixPath, outcome);
    }

    /** Makes a channel on which HTTP/2 is spoken one that later WebSockets to the same origin share. */
    Http2Client share(ClientOpening opening, String unixPath) {
        return shared.share(opening, unixPath, loops().pulse(opening.channel().eventLoop()), settings.connection);
    }

    EventLoops loops() {
        return ownLoops != null ? ownLoops : EventLoops.shared();
    }

    SslContext tls() {
        return ownTls != null ? ownTls : SystemTrust.TLS;
    }
}
