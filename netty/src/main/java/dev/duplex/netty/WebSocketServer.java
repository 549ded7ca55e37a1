package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of WebSockets and plain HTTP on one port. */
public final class WebSocketServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** Waiting to be accepted: enough for the clients of a restarted server that come back at once. */
    private static final int BACKLOG = 4096;

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Site site;
    private final EventLoops loops;
    private final SslContext tls;
    private final Channel acceptor;

    WebSocketServer(Site site, EventLoops loops, SslContext tls, String host, int port) {
        this.site = site;
        this.loops = loops;
        this.tls = tls;
        acceptor = bind(host, port);
    }

    /** Settings for a server. */
    public static ServerBuilder builder() {
        return new ServerBuilder();
    }

    private Channel bind(String host, int port) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                // A peer's FIN must be seen, and must not take our last bytes with it.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted(channel);
                    }
                });
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartException("host " + host + " is unknown", null);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartException(whyNot(bound.cause(), host.isEmpty() ? "this machine" : host, port), bound.cause());
        }
        bound.channel().pipeline().addLast(new AcceptFailures());
        return bound.channel();
    }

    /** Netty pauses for a second when accepting fails, as without file descriptors; here it is said, in one line. */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("no connections are accepted for a second: {}", cause.getMessage());
        }
    }

    private static String whyNot(Throwable cause, String host, int port) {
        String told = String.valueOf(cause.getMessage());
        if (told.contains("in use")) {
            return "port " + port + " on " + host + " is in use";
        }
        if (told.contains("ermission")) {
            return "port " + port + " on " + host + " is not permitted to this user";
        }
        if (told.contains("assign")) {
            return host + " is not an address of this machine";
        }
        return "port " + port + " on " + host + " cannot be listened on: " + told;
    }

    private void accepted(SocketChannel channel) {
        boolean hasRoom = site.admission().hasRoom(channel, MemoryBudget.CONNECTION_BYTES + (tls == null ? 0 : MemoryBudget.TLS_BYTES));
        boolean isProxy = site.proxies().contains(channel.remoteAddress());
        if (hasRoom && isProxy && site.proxies().wantsHeader()) {
            long patienceNanos = site.options().handshakeDeadline().toNanos();
            channel.pipeline().addLast(new ProxyHeaderReader(channel, loops.pulse(channel.eventLoop()), patienceNanos, header -> {
                Caller client = header.caller(channel.remoteAddress());
                client.isAtEndOf(channel);
                begin(channel, admittance(channel, client.address()));
            }));
        } else {
            begin(channel, !hasRoom ? 503 : isProxy ? 0 : admittance(channel, channel.remoteAddress()));
        }
    }

    /** Proxies that are trusted come without a limit of their own: those for whom they speak are counted. */
    private int admittance(SocketChannel channel, SocketAddress from) {
        return site.proxies().contains(from) || site.admission().admits(channel, from) ? 0 : 429;
    }

    /** @param refusal 0, or the status that refuses it */
    private void begin(SocketChannel channel, int refusal) {
        if (refusal != 0 && tls != null) {
            channel.close(); // before any work for TLS is done
            return;
        }
        Pulse pulse = loops.pulse(channel.eventLoop());
        if (tls != null) {
            var handler = Tls.handler(tls.newEngine(channel.alloc()));
            handler.setHandshakeTimeoutMillis(site.options().handshakeDeadline().toMillis());
            channel.pipeline().addLast(handler);
        }
        Http1Upgrade http = new Http1Upgrade(channel, site, pulse);
        channel.pipeline().addLast(http);
        if (refusal != 0) {
            channel.eventLoop().execute(() -> http.refuse(refusal, refusal == 429 ? "too many connections from here" : "the server is full"));
        } else if (site.isDraining().get()) {
            channel.eventLoop().execute(http::drain); // came while the others were told
        }
    }

    /** The TCP port it listens on. */
    public int port() {
        return ((InetSocketAddress) acceptor.localAddress()).getPort();
    }

    /** Where it can be reached, as {@code http://127.0.0.1:8080/}, one for each address it listens on. */
    public List<String> addresses() {
        InetAddress address = ((InetSocketAddress) acceptor.localAddress()).getAddress();
        String scheme = tls == null ? "http" : "https";
        return Interfaces.listeningOn(address).stream().map(host -> scheme + "://" + host + ":" + port() + "/").toList();
    }

    /** The number of WebSockets that are open. */
    public int connectionCount() {
        return site.openCount().get();
    }

    /** How much memory the connections hold, in bytes as {@link ServerBuilder#memory} counts them. */
    public long heldBytes() {
        return site.budget().heldBytes();
    }

    /** Closes as {@link #close(Duration)} with 10 s. */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * Drains: accepts nothing more, sends Close 1001 to every connection, and waits for their ends.
     *
     * <p>Not to be called on an event loop.
     *
     * @param atMost what is then still open is cut off
     */
    public void close(Duration atMost) {
        if (!site.isDraining().compareAndSet(false, true)) {
            return;
        }
        long end = System.nanoTime() + atMost.toNanos();
        if (site.tunnelCount().get() > 0) {
            // What requests carry needs more of them to end well; anything new is answered 503 meanwhile.
            loops.forEachMember(Pulse.Member::drain);
            awaitNone(site.tunnelCount()::get, end);
        }
        acceptor.close().awaitUninterruptibly();
        loops.forEachMember(Pulse.Member::drain);
        awaitNone(site.admission()::channels, end);
        loops.forEachMember(Pulse.Member::abort);
        awaitNone(site.admission()::channels, System.nanoTime() + LAST_WORDS.toNanos());
        loops.end(LAST_WORDS);
    }

    private static void awaitNone(IntSupplier count, long endNanos) {
        while (count.getAsInt() > 0 && System.nanoTime() < endNanos) {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Whether it is closed and everything has ended. */
    public boolean isTerminated() {
        return loops.isTerminated();
    }
}
