package dev.duplex.netty;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.Headers;
import dev.duplex.protocol.OpeningResponse;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.RequestTarget;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WireTap;
import dev.duplex.proxy.ProxyHandshake;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannelConfig;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** One try to open a WebSocket: name, TCP, TLS, handshake, redirects, all within one deadline. */
final class Connecting implements ClientOpening.Outcome, ProxyOpening.Outcome {
    private final WebSocketClient client;
    private final ClientBuilder settings;
    private final Endpoint endpoint;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();
    /** Whether it is known how it went: the answer, the deadline, or the end of the client, whichever is first. */
    private final AtomicBoolean isDecided = new AtomicBoolean();
    private final long deadlineNanos;
    private ClientHandshake handshake;
    private URI uri;
    private String unixPath;
    private Headers headers;
    private int redirectsLeft;
    private volatile Channel channel;
    private boolean hasOwnConnection;
    private volatile ProxyHandshake proxied;
    private volatile boolean isThroughProxy;

    /** @throws IllegalArgumentException if the URI, or a setting, cannot stand in a request */
    Connecting(WebSocketClient client, ClientBuilder settings, URI uri, Endpoint endpoint) {
        this.client = client;
        this.settings = settings;
        this.endpoint = endpoint;
        this.redirectsLeft = settings.maxRedirects;
        this.deadlineNanos = System.nanoTime() + settings.connection.handshakeDeadline().toNanos();
        aim(uri, settings.headers);
    }

    private void aim(URI newUri, Headers newHeaders) {
        UnixTarget target = UnixTarget.isOne(newUri) ? UnixTarget.parse(newUri) : null;
        unixPath = target != null ? target.path() : settings.unixPath;
        uri = target != null ? target.request() : newUri;
        headers = newHeaders;
        handshake = ClientHandshake.of(uri, offered(), settings.connection.deflate(), headers);
    }

    private List<String> offered() {
        List<String> more = endpoint.subprotocols();
        return more.isEmpty() ? settings.subprotocols : Stream.concat(settings.subprotocols.stream(), more.stream()).distinct().toList();
    }

    CompletionStage<Connection> start() {
        client.begins(this);
        result.whenComplete((connection, failure) -> client.ends(this));
        try {
            ScheduledFuture<?> timer = client.loops().group().schedule(this::expire, remainingNanos(), TimeUnit.NANOSECONDS);
            result.whenComplete((connection, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException loopsHaveEnded) {
            clientIsClosed();
        }
        if (!result.isDone()) {
            begin();
        }
        return result.minimalCompletionStage();
    }

    /** The client's loops may not live to tell how it went. */
    void clientIsClosed() {
        failed(clientClosed());
    }

    private static ConnectFailedException clientClosed() {
        return new ConnectFailedException(WebSocketClient.CLOSED, null);
    }

    /** On a connection that is there already, if there is one. */
    private void begin() {
        if (!settings.isHttp2 || !client.openOver(handshake, unixPath, this)) {
            resolve();
        }
    }

    /** From here on the channel is everyone's: this try has nothing of it but a stream, once there is one. */
    @Override
    public void speaksHttp2(ClientOpening opening) {
        channel = null;
        hasOwnConnection = true;
        client.share(opening, unixPath).open(handshake, this);
    }

    @Override
    public void asksOn(Channel stream) {
        goesOnWith(stream);
    }

    /** Whoever ends this try ends its channel, which may come just then. */
    private void goesOnWith(Channel opened) {
        channel = opened;
        if (result.isDone()) {
            opened.close();
        }
    }

    @Override
    public void findsNoRoom(String why) {
        if (hasOwnConnection) {
            failed(new ConnectFailedException(where() + " " + why, null));
        } else {
            resolve();
        }
    }

    /** The system's resolver blocks, and may the choice of a proxy, so they get a thread that may. */
    private void resolve() {
        ClientHandshake aimed = handshake;
        if (unixPath != null) {
            connectUnix(aimed, unixPath);
            return;
        }
        if (settings.relay != null) {
            connectRelay(aimed);
            return;
        }
        Thread.ofVirtual().name("duplex-resolve").start(() -> {
            try {
                reach(aimed, client.proxyTo(uri, aimed));
            } catch (UnknownHostException e) {
                failed(new ConnectFailedException(e.getMessage(), e));
            } catch (RuntimeException e) {
                failed(new ConnectFailedException("no proxy could be chosen: " + Failures.told(e), e));
            }
        });
    }

    /** @param proxy the way through a proxy; null for none */
    private void reach(ClientHandshake aimed, ProxyHandshake proxy) {
        proxied = proxy;
        isThroughProxy = false;
        String host = proxy == null ? aimed.host() : proxy.proxy().host();
        try {
            connect(aimed, List.of(InetAddress.getAllByName(host)), null);
        } catch (UnknownHostException e) {
            failed(new ConnectFailedException((proxy == null ? "" : "the proxy's ") + "host " + host + " is unknown", e));
        }
    }

    /** Tries one address after the other. */
    private void connect(ClientHandshake aimed, List<InetAddress> addresses, Throwable lastFailure) {
        if (result.isDone()) {
            return;
        }
        ProxyHandshake proxy = proxied;
        if (addresses.isEmpty()) {
            String where = proxy == null ? where() : "the proxy " + proxy.proxy().where();
            failed(new ConnectFailedException(where + " cannot be reached: " + Failures.told(lastFailure), lastFailure));
            return;
        }
        long patienceMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(remainingNanos()) / addresses.size());
        ChannelFuture connected = bootstrap(aimed, proxy, patienceMillis)
                .channel(client.loops().channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .connect(new InetSocketAddress(addresses.getFirst(), proxy == null ? aimed.port() : proxy.proxy().port()));
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                connect(aimed, addresses.subList(1, addresses.size()), done.cause());
            }
        });
    }

    private void connectUnix(ClientHandshake aimed, String path) {
        IoTransport transport = client.loops().transport();
        SocketAddress address;
        try {
            address = UnixSockets.address(transport, path);
        } catch (IllegalArgumentException e) {
            failed(new ConnectFailedException(e.getMessage(), e));
            return;
        }
        bootstrap(aimed, null, TimeUnit.NANOSECONDS.toMillis(remainingNanos())).channel(UnixSockets.channelType(transport)).connect(address)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        String told = done.cause() instanceof FileNotFoundException ? "No such file or directory" : Failures.told(done.cause());
                        failed(new ConnectFailedException(where() + " cannot be reached: " + told, done.cause()));
                    }
                });
    }

    private void connectRelay(ClientHandshake aimed) {
        bootstrap(aimed, null, TimeUnit.NANOSECONDS.toMillis(remainingNanos())).channel(client.loops().channelType()).option(ChannelOption.TCP_NODELAY, true)
                .connect(settings.relay).addListener(done -> {
                    if (!done.isSuccess()) {
                        failed(new ConnectFailedException("the relay before " + where() + " cannot be reached: " + Failures.told(done.cause()), done.cause()));
                    }
                });
    }

    private Bootstrap bootstrap(ClientHandshake aimed, ProxyHandshake proxy, long patienceMillis) {
        return new Bootstrap()
                .group(client.loops().group())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(patienceMillis, 1, Integer.MAX_VALUE))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        prepare(opened, aimed, proxy);
                    }
                });
    }

    private void prepare(Channel opened, ClientHandshake aimed, ProxyHandshake proxy) {
        ((DuplexChannelConfig) opened.config()).setAllowHalfClosure(true);
        settings.tcp.applyTo(opened);
        if (proxy != null) {
            opened.pipeline().addLast(new ProxyOpening(proxy, this));
        }
        if (aimed.isSecure() && settings.relay == null) {
            var tls = new TlsHandler(client.tls().newEngine(opened.alloc(), aimed.host(), aimed.port()));
            tls.setHandshakeTimeoutMillis(0); // the deadline of the whole rules
            opened.pipeline().addLast(tls);
        }
        opened.pipeline().addLast(new ClientOpening(opened, aimed, settings.isInsecure, settings.isHttp2, this));
        goesOnWith(opened);
    }

    @Override
    public void throughProxy() {
        isThroughProxy = true;
    }

    /** The proxy's name is known by now, but asking the system for it again may block. */
    @Override
    public void again(ProxyHandshake next) {
        ClientHandshake aimed = handshake;
        Thread.ofVirtual().name("duplex-resolve").start(() -> reach(aimed, next));
    }

    private void expire() {
        long afterMillis = settings.connection.handshakeDeadline().toMillis();
        ProxyHandshake proxy = proxied;
        failed(new ConnectFailedException(proxy != null && !isThroughProxy ? proxy.late(afterMillis).why()
                : where() + " did not answer within " + afterMillis + " ms", null));
    }

    @Override
    public void failed(ConnectFailedException cause) {
        failedBy(cause);
    }

    private void failedBy(Throwable cause) {
        if (isDecided.compareAndSet(false, true)) {
            result.completeExceptionally(cause);
            Channel last = channel;
            if (last != null) {
                last.close();
            }
        }
    }

    @Override
    public void answered(Asking opening, OpeningResponse response, ByteBuf rest) {
        switch (opening.handshake().answer(response)) {
            case ClientHandshake.Accepted accepted when !result.isDone() -> open(opening, response, accepted, rest);
            case ClientHandshake.Accepted tooLate -> {
                rest.release();
                opening.channel().close();
            }
            case ClientHandshake.Refused refused -> {
                rest.release();
                opening.channel().close();
                refused(response, refused);
            }
        }
    }

    private void refused(OpeningResponse response, ClientHandshake.Refused refused) {
        Optional<String> location = response.headers().first("Location");
        if (redirectsLeft > 0 && List.of(301, 302, 303, 307, 308).contains(response.status()) && location.isPresent()) {
            redirectsLeft--;
            redirect(location.get());
        } else if (response.isAccepted()) {
            failed(new ConnectFailedException(refused.why(), null));
        } else {
            failed(new ConnectFailedException(response.status(), refused.why()));
        }
    }

    private void redirect(String location) {
        try {
            ClientHandshake last = handshake;
            String lastPath = unixPath;
            aim(Redirect.resolve(uri, location), headers);
            if (!Redirect.isSameOrigin(last, handshake)) {
                aim(uri, Redirect.withoutCredentials(headers));
            } else {
                unixPath = lastPath;
            }
        } catch (IllegalArgumentException e) {
            failed(new ConnectFailedException("the redirect is not followed: " + e.getMessage(), e));
            return;
        }
        hasOwnConnection = false;
        begin();
    }

    private void open(Asking opening, OpeningResponse response, ClientHandshake.Accepted accepted, ByteBuf rest) {
        ChannelWire wire = new ChannelWire(opening.channel());
        NettyCarrier carrier;
        try {
            carrier = carrier(wire, opening, response, accepted);
        } catch (RuntimeException | Error e) {
            rest.release();
            failedBy(e);
            return;
        }
        boolean isOpen = isDecided.compareAndSet(false, true);
        if (isOpen && client.register(carrier.connection())) {
            opening.channel().pipeline().replace(opening, "websocket", wire.tells(carrier));
            carrier.open(new byte[0], rest);
            result.complete(carrier.connection());
            return;
        }
        rest.release();
        opening.channel().close();
        if (isOpen) {
            result.completeExceptionally(clientClosed());
        }
    }

    private NettyCarrier carrier(Wire wire, Asking opening, OpeningResponse response, ClientHandshake.Accepted accepted) {
        Channel its = opening.channel();
        ClientHandshake aimed = opening.handshake();
        RequestTarget target = RequestTarget.parse(aimed.request().target()).orElse(new RequestTarget("/", ""));
        Opening told = new Opening(target.path(), target.query(), Map.of(), response.headers(), offered(),
                accepted.subprotocol(), peer(its, aimed), opening.carrier(), aimed.isSecure());
        Audience audience = Audience.of(endpoint, told);
        WireTap tap = audience.listener() instanceof CarryingListener ? null : settings.wire.apply(told); // what it carries is told by its own
        if (tap != null) {
            tap.opened(aimed.request(), response);
        }
        PerMessageDeflate deflate = accepted.deflate()
                .map(agreed -> PerMessageDeflate.of(Role.CLIENT, agreed, settings.connection.deflate().orElseThrow()))
                .orElse(null);
        Origin origin = new Origin(Role.CLIENT, told, deflate, tap, null, client::forget);
        return new NettyCarrier(wire, settings.connection, client.loops().pulse(its.eventLoop()), origin, audience);
    }

    private long remainingNanos() {
        return Math.max(0, deadlineNanos - System.nanoTime());
    }

    /** Behind a proxy nobody here knows the peer's address, only its name. */
    private SocketAddress peer(Channel its, ClientHandshake aimed) {
        return unixPath != null ? UnixSockets.told(unixPath) : proxied == null ? its.remoteAddress() : InetSocketAddress.createUnresolved(aimed.host(), aimed.port());
    }

    private String where() {
        ProxyHandshake proxy = proxied;
        return unixPath != null ? "unix:" + unixPath : proxy == null ? handshake.host() + ":" + handshake.port() : proxy.toString();
    }
}
