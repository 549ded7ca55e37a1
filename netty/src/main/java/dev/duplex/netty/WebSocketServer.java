package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of WebSockets and plain HTTP on one port. */
public final class WebSocketServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    /** Waiting to be accepted: enough for the clients of a restarted server that come back at once. */
    static final int BACKLOG = 4096;

    static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Site site;
    private final EventLoops loops;
    private final LiveTls tls;
    private final Binding binding;
    private final TcpOptions tcp;
    private final Channel acceptor;

    WebSocketServer(Site site, EventLoops loops, LiveTls tls, Binding binding, TcpOptions tcp) {
        this.site = site;
        this.loops = loops;
        this.tls = tls;
        this.binding = binding;
        this.tcp = tcp;
        acceptor = listen();
        if (tls != null && tls.hasFiles()) {
            loops.group().scheduleWithFixedDelay(tls::look, LiveTls.LOOK_SECONDS, LiveTls.LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Settings for a server. */
    public static ServerBuilder builder() {
        return new ServerBuilder();
    }

    private Channel listen() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new Doorman())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        set(channel);
                        accepted(channel);
                    }
                });
        Channel listening = binding.listen(bootstrap, loops);
        listening.pipeline().addLast(new AcceptFailures());
        return listening;
    }

    /** Netty pauses for a second when accepting fails, as without file descriptors; here it is said, in one line. */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("no connections are accepted for a second: {}", cause.getMessage());
        }
    }

    private void set(Channel channel) {
        // A peer's FIN must be seen, and must not take our last bytes with it.
        ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(true);
        tcp.applyTo(channel);
    }

    /** Lets plain TCP on epoll in by a {@link Doorstep}, and everything else as a channel. */
    private final class Doorman extends ChannelInboundHandlerAdapter {
        private final boolean isPlain = tls == null && !site.proxies().wantsHeader();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            if (isPlain && accepted instanceof EpollSocketChannel channel) {
                welcome(channel);
            } else {
                ctx.fireChannelRead(accepted);
            }
        }
    }

    private void welcome(EpollSocketChannel channel) {
        try {
            set(channel);
            EventLoop loop = loops.group().next();
            loop.execute(() -> welcome(channel, loops.pulse(loop)));
        } catch (ChannelException | RejectedExecutionException e) {
            LOG.debug("{}: {}", channel, e.toString());
            channel.unsafe().closeForcibly();
        }
    }

    private void welcome(EpollSocketChannel channel, Pulse pulse) {
        boolean hasRoom = site.admission().hasRoom(channel, MemoryBudget.CONNECTION_BYTES);
        int refusal = hasRoom ? admittance(channel, channel.remoteAddress()) : 503;
        if (refusal == 0) {
            new Doorstep(channel, site, pulse, this::goOn).open();
        } else {
            goOn(channel, pulse, pulse.nanoTime(), Unpooled.EMPTY_BUFFER, Admission.refusal(refusal));
        }
    }

    /** From the doorstep on as a channel. */
    private void goOn(EpollSocketChannel channel, Pulse pulse, long sinceNanos, ByteBuf read, Reply answer) {
        Http1Upgrade http = new Http1Upgrade(channel, site, pulse, sinceNanos);
        channel.pipeline().addLast(http);
        pulse.loop().register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                read.release();
            } else if (answer != null) {
                read.release();
                http.refuse(answer);
            } else {
                channel.pipeline().fireChannelRead(read).fireChannelReadComplete();
            }
            if (site.isDraining().get()) {
                http.drain(); // came while the others were told
            }
        });
    }

    private void accepted(Channel channel) {
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
    private int admittance(Channel channel, SocketAddress from) {
        return site.proxies().contains(from) || site.admission().admits(channel, from) ? 0 : 429;
    }

    /** @param refusal 0, or the status that refuses it */
    private void begin(Channel channel, int refusal) {
        if (refusal != 0 && tls != null && !site.admission().tells(channel, refusal)) {
            channel.close(); // before any work for TLS is done
            return;
        }
        Pulse pulse = loops.pulse(channel.eventLoop());
        if (tls != null) {
            var handler = new TlsHandler(tls.context().newEngine(channel.alloc()));
            handler.setHandshakeTimeoutMillis(site.options().handshakeDeadline().toMillis());
            channel.pipeline().addLast(handler);
        }
        Http1Upgrade http = new Http1Upgrade(channel, site, pulse, pulse.nanoTime());
        channel.pipeline().addLast(http);
        if (refusal != 0 && tls == null) {
            channel.eventLoop().execute(() -> http.refuse(Admission.refusal(refusal)));
        } else if (site.isDraining().get()) {
            channel.eventLoop().execute(http::drain); // came while the others were told
        }
    }

    /** The TCP port it listens on; 0 if it is no port. */
    public int port() {
        return acceptor.localAddress() instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
    }

    /** Where it can be reached, as {@code http://127.0.0.1:8080/}, one for each address it listens on, or {@code unix:/path}. */
    public List<String> addresses() {
        return binding.addresses(acceptor, tls != null);
    }

    /**
     * Reads the files of certificates and keys again, for connections to come; those that are open keep what they have.
     *
     * <p>A change of these files is noticed within some seconds by itself. Blocks while it reads; does nothing without TLS.
     *
     * @throws StartException if one is not what it should be; then everything stays as it was
     */
    public void reloadTls() {
        if (tls != null) {
            tls.reload();
        }
    }

    /** The number of WebSockets that are open. */
    public int connectionCount() {
        return site.openCount().get();
    }

    /** How much memory the connections hold, in bytes as {@link ServerBuilder#memory} counts them. */
    public long heldBytes() {
        return site.budget().heldBytes();
    }

    /** Closes as {@link #close(Duration)} with 30 s. */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * Drains: accepts nothing more, sends Close 1001 to every connection, and waits for their ends.
     *
     * <p>Their clients may all come back at once, so no more than 500 are told in a second; faster only if the last would not have
     * {@link ServerBuilder#closeWait} to answer. Returns as soon as everything has ended. Not to be called on an event loop.
     *
     * @param atMost what is then still open is cut off
     */
    public void close(Duration atMost) {
        if (!site.isDraining().compareAndSet(false, true)) {
            return;
        }
        long end = System.nanoTime() + atMost.toNanos();
        long spreadNanos = Farewell.spreadNanos(connectionCount(), atMost, site.options().closeWait());
        if (site.tunnelCount().get() > 0) {
            // What requests carry needs more of them to end well; anything new is answered 503 meanwhile.
            loops.forEachPulse(pulse -> pulse.drain(spreadNanos));
            awaitNone(site.tunnelCount()::get, end);
        }
        acceptor.close().awaitUninterruptibly();
        binding.ended();
        loops.forEachPulse(pulse -> pulse.drain(spreadNanos));
        awaitNone(site.admission()::channels, end);
        loops.forEachPulse(pulse -> pulse.forEach(Pulse.Member::abort));
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
