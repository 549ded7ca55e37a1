package dev.duplex.load;

import dev.duplex.protocol.ClientHandshake;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.proxy.Proxy;
import dev.duplex.proxy.ProxyHandshake;
import dev.duplex.proxy.ProxyRoute;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.FileNotFoundException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Event loops, and channels on them to the one server of a plan. */
final class Carrier implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;

    /** What {@code sun_path} holds on Linux. */
    private static final int MAX_UNIX_PATH_BYTES = 107;

    /** Read at once: small for messages of 125 bytes, large enough that 1 MiB takes few calls. */
    private static final AdaptiveRecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(512, 4096, 256 * 1024);

    /** So much may wait in a channel: a message that waits longer waits in its peer, and its latency counts all the same. */
    static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private final LoadPlan plan;
    private final EventLoopGroup group;
    private final Class<? extends Channel> channelType;
    private final SslContext tls;
    private final SocketAddress address;
    private final ProxyRoute route;
    private final Map<EventLoop, Trunks> trunks = new ConcurrentHashMap<>();
    private final LongAdder connected = new LongAdder();

    Carrier(LoadPlan plan) {
        this.plan = plan;
        ClientHandshake target = handshake();
        boolean hasEpoll = Epoll.isAvailable();
        switch (plan.via()) {
            case Via.Direct direct -> {
                route = null;
                address = resolved(target.host(), target.port());
            }
            case Via.Through(Proxy proxy) -> {
                route = ProxyRoute.through(proxy);
                address = resolved(proxy.host(), proxy.port());
            }
            case Via.Unix(String path) -> {
                route = null;
                address = unix(path, hasEpoll);
            }
        }
        tls = target.isSecure() ? tls(plan) : null;
        channelType = plan.via() instanceof Via.Unix ? hasEpoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class
                : hasEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
        group = new MultiThreadIoEventLoopGroup(plan.loops(), new DefaultThreadFactory("duplex-load", true),
                hasEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    private static InetSocketAddress resolved(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new LoadFailedException("no address is known for the host " + host);
        }
        return address;
    }

    private static SocketAddress unix(String path, boolean hasEpoll) {
        boolean isAbstract = path.startsWith("@");
        if (isAbstract && !hasEpoll || path.getBytes(StandardCharsets.UTF_8).length > MAX_UNIX_PATH_BYTES) {
            throw new LoadFailedException("there can be no socket unix:" + path + " here");
        }
        return hasEpoll ? new DomainSocketAddress(isAbstract ? "\0" + path.substring(1) : path) : UnixDomainSocketAddress.of(path);
    }

    private static SslContext tls(LoadPlan plan) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (plan.tls().isPresent()) {
                return new JdkSslContext(plan.tls().get(), true, null, IdentityCipherSuiteFilter.INSTANCE, protocols(plan),
                        ClientAuth.NONE, null, false);
            }
            if (plan.isInsecure()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            return builder.applicationProtocolConfig(protocols(plan)).build();
        } catch (SSLException e) {
            throw new LoadFailedException("TLS: " + told(e));
        }
    }

    private static ApplicationProtocolConfig protocols(LoadPlan plan) {
        return !plan.isHttp2() ? ApplicationProtocolConfig.DISABLED : new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2);
    }

    List<EventLoop> loops() {
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
        return loops;
    }

    /** Begins to open a WebSocket; {@code outcome} hears what became of it, on the loop, where this is called. */
    void open(EventLoop loop, Attempt.Outcome outcome) {
        if (plan.isHttp2()) {
            trunks.computeIfAbsent(loop, its -> new Trunks(this, its)).open(outcome);
        } else {
            ClientHandshake handshake = handshake();
            connect(loop, handshake, () -> new Upgrade(handshake, plan.deflates(), outcome), outcome::failed);
        }
    }

    /** Begins to connect for WebSockets over HTTP/2. */
    void connect(EventLoop loop, Trunks those) {
        ClientHandshake handshake = handshake();
        connect(loop, handshake, () -> new Trunk(those, handshake.isSecure(), plan.streams()), those::failed);
    }

    private void connect(EventLoop loop, ClientHandshake handshake, Supplier<ChannelHandler> speaker, Consumer<String> failed) {
        try {
            connect(loop, handshake, route == null ? null : route.to(handshake.host(), handshake.port()), speaker, failed);
        } catch (UnknownHostException e) {
            failed.accept(e.getMessage());
        }
    }

    private void connect(EventLoop loop, ClientHandshake handshake, ProxyHandshake proxy, Supplier<ChannelHandler> speaker, Consumer<String> failed) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, plan.via() instanceof Via.Unix ? null : true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (proxy != null) {
                            channel.pipeline().addLast(new ThroughProxy(proxy, CONNECT_MILLIS, next -> connect(loop, handshake, next, speaker, failed), failed));
                        }
                        prepare(channel, handshake, speaker.get());
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                failed.accept((proxy == null ? "" : "the proxy " + proxy.proxy().where() + " cannot be reached: ") + told(done.cause()));
            }
        });
    }

    private void prepare(Channel channel, ClientHandshake handshake, ChannelHandler speaker) {
        if (tls != null) {
            SslHandler handler = tls.newHandler(channel.alloc(), handshake.host(), handshake.port());
            handler.setHandshakeTimeoutMillis(CONNECT_MILLIS);
            if (plan.tls().isPresent()) {
                SSLParameters parameters = handler.engine().getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(plan.isInsecure() ? null : "HTTPS");
                handler.engine().setSSLParameters(parameters);
            }
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(new Arrived(tls != null, connected::increment), speaker);
    }

    ClientHandshake handshake() {
        return ClientHandshake.of(plan.uri(), List.of(),
                plan.deflates() ? Optional.of(DeflateOptions.defaults()) : Optional.empty(), plan.headers());
    }

    boolean mustDeflate() {
        return plan.deflates();
    }

    /** How many connections reached the server, behind the proxy and TLS if there are any. */
    long connected() {
        return connected.sum();
    }

    /** The innermost message, which says most, without the system call and its number that Netty puts before it. */
    static String told(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof FileNotFoundException) {
            return "No such file or directory";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage().lines().findFirst().orElse("").replaceFirst("^.*error\\(-?\\d+\\): ", "");
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
