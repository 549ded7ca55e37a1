package dev.duplex.lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What Linux tells of one TCP socket ({@code struct tcp_info} of {@code linux/tcp.h}).
 *
 * @param segmentsOut packets sent, acknowledgements too
 * @param segmentsIn packets received
 */
record TcpInfo(long segmentsOut, long segmentsIn) {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** Where {@code tcpi_segs_out} stands, with {@code tcpi_segs_in} after it; the struct has only ever grown at its end. */
    private static final int SEGMENTS_OUT_AT = 136;

    private static final RawUnixChannelOption OPTION = new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, SEGMENTS_OUT_AT + 8);

    /** What the kernel tells; null if it does not. */
    static TcpInfo of(Channel channel) {
        if (!(channel instanceof EpollSocketChannel)) {
            return null;
        }
        try {
            ByteBuffer struct = channel.config().getOption(OPTION);
            struct.order(ByteOrder.nativeOrder());
            return new TcpInfo(struct.getInt(SEGMENTS_OUT_AT) & 0xFFFFFFFFL, struct.getInt(SEGMENTS_OUT_AT + 4) & 0xFFFFFFFFL);
        } catch (ChannelException closedMeanwhile) {
            return null;
        }
    }
}
