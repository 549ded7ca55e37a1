package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A socket that listened before this process began: systemd, or who else has started it, has passed it on. */
final class InheritedBinding implements Binding {
    /** SD_LISTEN_FDS_START of sd_listen_fds(3). */
    private static final int DESCRIPTOR = 3;

    /** Linux: SOL_SOCKET, SO_DOMAIN; AF_UNIX is 1. */
    private static final IntegerUnixChannelOption FAMILY = new IntegerUnixChannelOption("SO_DOMAIN", 1, 39);
    private static final int UNIX = 1;

    private InheritedBinding() {}

    /**
     * Empty if no socket was passed on to this process.
     *
     * @throws StartException if there are several
     */
    static Optional<Binding> of(Map<String, String> environment, long processId) {
        if (!String.valueOf(processId).equals(environment.get("LISTEN_PID"))) {
            return Optional.empty(); // meant for whoever started us
        }
        String count = environment.getOrDefault("LISTEN_FDS", "0");
        if (!count.equals("0") && !count.equals("1")) {
            throw new StartException(Failures.shown(count) + " sockets were passed on; a server listens on one", null);
        }
        return count.equals("1") ? Optional.of(new InheritedBinding()) : Optional.empty();
    }

    @Override
    public Channel listen(ServerBootstrap bootstrap, EventLoops loops) {
        if (loops.transport() != IoTransport.EPOLL) {
            throw new StartException("a socket that was passed on wants Linux's epoll, which is not at hand here", null);
        }
        // It may be a blocking one: accept is called when someone is there, and once.
        ChannelFuture listening = bootstrap.channelFactory(InheritedBinding::channel)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
                .register().awaitUninterruptibly();
        if (!listening.isSuccess()) {
            throw new StartException("the socket that was passed on cannot be listened on: " + Failures.told(listening.cause()), listening.cause());
        }
        return listening.channel();
    }

    private static ServerChannel channel() {
        EpollServerSocketChannel channel = new EpollServerSocketChannel(DESCRIPTOR);
        return channel.config().getOption(FAMILY) == UNIX ? new EpollServerDomainSocketChannel(DESCRIPTOR, true) : channel;
    }

    @Override
    public List<String> addresses(Channel acceptor, boolean isSecure) {
        return acceptor.localAddress() instanceof InetSocketAddress address ? TcpBinding.addresses(address, isSecure) : List.of("unix: as passed on");
    }
}
