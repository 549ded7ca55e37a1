package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What Linux knows of a TCP connection (TCP_INFO). */
final class TcpFacts {
    private TcpFacts() {}

    /** Empty where the system does not tell, or the connection has ended. A stream of HTTP/2 has those of its connection. */
    static Optional<TransportInfo> of(Channel channel) {
        EpollSocketChannel socket = channel instanceof EpollSocketChannel own ? own : channel.parent() instanceof EpollSocketChannel parent ? parent : null;
        if (socket == null || !socket.isActive()) {
            return Optional.empty();
        }
        try {
            EpollTcpInfo told = socket.tcpInfo();
            return Optional.of(new TransportInfo(Duration.of(told.rtt(), ChronoUnit.MICROS), Duration.of(told.rttvar(), ChronoUnit.MICROS),
                    told.totalRetrans(), told.unacked()));
        } catch (ChannelException endedMeanwhile) {
            return Optional.empty();
        }
    }
}
