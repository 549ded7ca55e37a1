package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/** Unix domain sockets on each kind of event loops. */
final class UnixSockets {
    /** What {@code sun_path} holds on Linux, without the NUL behind it. */
    private static final int MAX_PATH_BYTES = 107;

    private UnixSockets() {}

    static Class<? extends Channel> channelType(IoTransport transport) {
        return switch (transport) {
            case EPOLL -> EpollDomainSocketChannel.class;
            case IO_URING -> IoUringDomainSocketChannel.class;
            default -> NioDomainSocketChannel.class;
        };
    }

    static Class<? extends ServerChannel> serverChannelType(IoTransport transport) {
        return switch (transport) {
            case EPOLL -> EpollServerDomainSocketChannel.class;
            case IO_URING -> IoUringServerDomainSocketChannel.class;
            default -> NioServerDomainSocketChannel.class;
        };
    }

    /** Whether a name is one of Linux's abstract namespace, which has no files. */
    static boolean isAbstract(String path) {
        return path.startsWith("@");
    }

    /** Whether the system can hold a path. */
    static boolean isShort(String path) {
        return path.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
    }

    /** @throws IllegalArgumentException if there can be no such socket */
    static SocketAddress address(IoTransport transport, String path) {
        if (!isShort(path)) {
            throw new IllegalArgumentException("the path of a Unix socket has at most " + MAX_PATH_BYTES + " bytes: " + path);
        }
        if (transport == IoTransport.NIO && isAbstract(path)) {
            throw new IllegalArgumentException("unix:" + path + ": abstract names want Linux's epoll, which is not at hand here");
        }
        return transport == IoTransport.NIO ? UnixDomainSocketAddress.of(path)
                : new DomainSocketAddress(isAbstract(path) ? "\0" + path.substring(1) : path);
    }

    /** Who is at the other end of a channel, in types of the Java library; at a server most clients have no name. */
    static SocketAddress peer(SocketAddress address) {
        return address instanceof DomainSocketAddress unix ? told(unix.path()) : address;
    }

    /** How an application is told of a socket. */
    static SocketAddress told(String path) {
        return UnixDomainSocketAddress.of(path.replace('\0', '@'));
    }
}
