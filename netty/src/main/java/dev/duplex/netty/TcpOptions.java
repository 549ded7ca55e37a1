package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.time.Duration;

/**
 * What the operating system does for a TCP connection that falls silent. Immutable; {@link #SYSTEM} leaves all as it is.
 *
 * <p>WebSocket's own pings find a dead peer as well, and pass through proxies; these cost no byte of the application's. The times
 * need Linux's epoll; elsewhere keepalive has those of the system, and the user timeout has no effect.
 *
 * @param keepAliveIdle silence before the first probe, in whole seconds; zero for no probes
 * @param keepAliveInterval from one probe to the next, in whole seconds
 * @param keepAliveProbes so many without an answer end the connection
 * @param userTimeout how long sent bytes may stay unacknowledged before the connection ends (RFC 5482); zero for the system's choice
 */
public record TcpOptions(Duration keepAliveIdle, Duration keepAliveInterval, int keepAliveProbes, Duration userTimeout) {
    /** No keepalive, and the system's times. */
    public static final TcpOptions SYSTEM = new TcpOptions(Duration.ZERO, Duration.ofSeconds(15), 4, Duration.ZERO);

    /** Checks every range. */
    public TcpOptions {
        if (keepAliveIdle.isNegative() || keepAliveInterval.toSeconds() < 1 || keepAliveProbes < 1 || userTimeout.isNegative()
                || !keepAliveIdle.isZero() && keepAliveIdle.toSeconds() < 1) {
            throw new IllegalArgumentException("times of TCP are not negative, and those of keepalive a second or more: " + keepAliveIdle + ", "
                    + keepAliveInterval + ", " + keepAliveProbes + ", " + userTimeout);
        }
    }

    /** The same with probes: four, 15 s apart, after so long a silence. */
    public TcpOptions withKeepAlive(Duration idle) {
        return new TcpOptions(idle, keepAliveInterval, keepAliveProbes, userTimeout);
    }

    /** The same with another limit on unacknowledged bytes. */
    public TcpOptions withUserTimeout(Duration timeout) {
        return new TcpOptions(keepAliveIdle, keepAliveInterval, keepAliveProbes, timeout);
    }

    void applyTo(Channel channel) {
        if (!keepAliveIdle.isZero()) {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        if (!(channel instanceof EpollSocketChannel)) {
            return;
        }
        if (!keepAliveIdle.isZero()) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, (int) keepAliveIdle.toSeconds());
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, (int) keepAliveInterval.toSeconds());
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, keepAliveProbes);
        }
        if (!userTimeout.isZero()) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, Math.clamp(userTimeout.toMillis(), 1, Integer.MAX_VALUE));
        }
    }
}
