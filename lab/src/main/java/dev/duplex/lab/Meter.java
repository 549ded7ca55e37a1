package dev.duplex.lab;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A relay on the loopback interface that counts what passes, whatever client and server are.
 *
 * <pre>
 *   client ──► port(), counted here ──► server
 * </pre>
 *
 * <p>One thread relays, so that its processor time can be told apart. Packets come from the kernel (TCP_INFO of each socket to
 * the client), where Linux's epoll is at hand. To a TLS server the relay speaks TLS, and counts what TLS makes of the bytes.
 */
final class Meter implements AutoCloseable {
    /** What {@code sun_path} holds on Linux. */
    private static final int MAX_UNIX_PATH_BYTES = 107;

    private final boolean hasEpoll = Epoll.isAvailable();
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("duplex-meter", true),
            hasEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final List<MeteredLink> links = new CopyOnWriteArrayList<>();
    private final Channel acceptor;
    private final long threadId;
    private volatile String failure = "";

    private Meter(SocketAddress server, String host, Function<ByteBufAllocator, SslHandler> tls) {
        boolean isTcp = server instanceof InetSocketAddress;
        Bootstrap upstream = new Bootstrap()
                .group(loop)
                .channel(isTcp ? hasEpoll ? EpollSocketChannel.class : NioSocketChannel.class
                        : hasEpoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, isTcp ? true : null)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(hasEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        MeteredLink link = new MeteredLink(client, host, why -> failure = why);
                        links.add(link);
                        link.connect(upstream, server, tls);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).awaitUninterruptibly();
        acceptor = bound.channel();
        threadId = loop.submit(() -> Thread.currentThread().threadId()).awaitUninterruptibly().getNow();
    }

    /**
     * A meter before a server.
     *
     * @param host what is asked for in HTTP/1.1, whatever the client says; null to leave it
     * @param tls how to speak TLS to it; null for none
     */
    static Meter to(SocketAddress server, String host, Function<ByteBufAllocator, SslHandler> tls) {
        return new Meter(server, host, tls);
    }

    /**
     * The address of a Unix socket; {@code @name} is one of Linux's abstract namespace.
     *
     * @throws LabFailedException if there can be none
     */
    static SocketAddress unix(String path) {
        boolean isAbstract = path.startsWith("@");
        if (isAbstract && !Epoll.isAvailable() || path.getBytes(StandardCharsets.UTF_8).length > MAX_UNIX_PATH_BYTES) {
            throw new LabFailedException("there can be no socket unix:" + path + " here");
        }
        return Epoll.isAvailable() ? new DomainSocketAddress(isAbstract ? "\0" + path.substring(1) : path) : UnixDomainSocketAddress.of(path);
    }

    /** Where clients connect, on 127.0.0.1. */
    InetSocketAddress address() {
        return (InetSocketAddress) acceptor.localAddress();
    }

    /** Why the server could not be reached the last time; empty if it always could. */
    String failure() {
        return failure;
    }

    /** What passed until now; not to be called on the relay's own thread. */
    Counts counts() {
        return loop.submit(() -> {
            Counts sum = new Counts(0, 0, 0, 0, hasEpoll ? 0 : -1, hasEpoll ? 0 : -1);
            for (MeteredLink link : links) {
                sum = link.addTo(sum);
            }
            return sum;
        }).awaitUninterruptibly().getNow();
    }

    /** The processor time that relaying took; zero where Java cannot tell. */
    Duration cpu() {
        return Duration.ofNanos(Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId)));
    }

    @Override
    public void close() {
        acceptor.close().awaitUninterruptibly();
        links.forEach(MeteredLink::close);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
