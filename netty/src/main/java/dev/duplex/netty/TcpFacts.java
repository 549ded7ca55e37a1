package dev.duplex.netty;

import dev.duplex.api.TransportInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What Linux knows of a TCP connection (TCP_INFO). */
final class TcpFacts {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    /** Where the numbers stand in the system's {@code struct tcp_info}, each of 32 bits. */
    private static final int UNACKED = 24;
    private static final int RTT = 68;
    private static final int RTTVAR = 72;
    private static final int TOTAL_RETRANS = 100;
    private static final int TOLD_BYTES = 104;

    private TcpFacts() {}

    /** Of a socket that is open. */
    static Optional<TransportInfo> of(Socket socket) {
        ByteBuffer told = ByteBuffer.allocate(TOLD_BYTES).order(ByteOrder.nativeOrder());
        try {
            socket.getRawOpt(IPPROTO_TCP, TCP_INFO, told);
        } catch (IOException endedMeanwhile) {
            return Optional.empty();
        }
        return Optional.of(new TransportInfo(Duration.of(told.getInt(RTT), ChronoUnit.MICROS), Duration.of(told.getInt(RTTVAR), ChronoUnit.MICROS),
                told.getInt(TOTAL_RETRANS), told.getInt(UNACKED)));
    }

    /** Empty where the system does not tell, or the connection has ended. A stream of HTTP/2 has those of its connection. */
    static Optional<TransportInfo> of(Channel channel) {
        EpollSocketChannel socket = channel instanceof EpollSocketChannel own ? own : channel.parent() instanceof EpollSocketChannel parent ? parent : null;
        if (socket == null || !socket.isActive()) {
            return Optional.empty();
        }
        try {
            EpollTcpInfo told = socket.tcpInfo();
            TransportInfo facts = new TransportInfo(Duration.of(told.rtt(), ChronoUnit.MICROS), Duration.of(told.rttvar(), ChronoUnit.MICROS),
                    told.totalRetrans(), told.unacked());
            return socket.isActive() ? Optional.of(facts) : Optional.empty(); // once it is closed its number may be another's
        } catch (ChannelException endedMeanwhile) {
            return Optional.empty();
        }
    }
}
