package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.List;

/**
 * A TCP port on one address of this machine, or on all.
 *
 * @param host empty for all
 * @param port 0 for a free one
 * @param sharesPort whether other processes may listen on it as well (SO_REUSEPORT)
 */
record TcpBinding(String host, int port, boolean sharesPort) implements Binding {

    @Override
    public Channel listen(ServerBootstrap bootstrap, EventLoops loops) {
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartException("host " + host + " is unknown", null);
        }
        if (sharesPort) {
            bootstrap.option(reusePort(loops.transport()), true);
        }
        ChannelFuture bound = bootstrap.channel(loops.serverChannelType()).option(ChannelOption.SO_REUSEADDR, true)
                .bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartException(whyNot(bound.cause(), host.isEmpty() ? "this machine" : host, port), bound.cause());
        }
        return bound.channel();
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

    private static ChannelOption<Boolean> reusePort(IoTransport transport) {
        return transport == IoTransport.NIO ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT) : UnixChannelOption.SO_REUSEPORT;
    }

    @Override
    public List<String> addresses(Channel acceptor, boolean isSecure) {
        return addresses((InetSocketAddress) acceptor.localAddress(), isSecure);
    }

    static List<String> addresses(InetSocketAddress address, boolean isSecure) {
        String scheme = isSecure ? "https" : "http";
        return Interfaces.listeningOn(address.getAddress()).stream().map(each -> scheme + "://" + each + ":" + address.getPort() + "/").toList();
    }
}
