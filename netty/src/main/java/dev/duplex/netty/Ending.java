package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends a TCP connection so that the last bytes reach the peer.
 *
 * <p>A socket that is closed while unread data waits in it answers with RST, and the peer's system throws away what it had
 * received, the Close frame with it. So:
 *
 * <pre>
 *   flush ──► close_notify, if TLS ──► half-close (FIN) ──► read and drop ──► close
 *                                               until FIN, 1 s of silence, 64 MiB or the close wait
 * </pre>
 */
final class Ending {
    private static final long NOT_YET = Long.MAX_VALUE;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DRAIN_BYTES = 64L * 1024 * 1024;

    private final Channel channel;
    private final Pulse pulse;
    private final Duration closeWait;
    private boolean hasBegun;
    private boolean hasInputEnded;
    private long flushEndNanos = NOT_YET;
    private long drainEndNanos = NOT_YET;
    private long drainLimitNanos;
    private long droppedBytes;

    /** @param closeWait how long the peer may take for what was written before, and then to end what it still sends */
    Ending(Channel channel, Pulse pulse, Duration closeWait) {
        this.channel = channel;
        this.pulse = pulse;
        this.closeWait = closeWait;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /** Begins, once, after everything was given to the channel. */
    void begin() {
        begin(Runnable::run);
    }

    /** Begins, once; {@code whenWritten} runs what it is given when the channel has been given everything. */
    void begin(Consumer<Runnable> whenWritten) {
        if (hasBegun) {
            return;
        }
        hasBegun = true;
        flushEndNanos = pulse.nanoTime() + closeWait.toNanos();
        channel.config().setAutoRead(true); // or the peer's FIN would not be seen
        whenWritten.accept(this::closeOutput);
    }

    private void closeOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ChannelFuture flushed = tls != null ? tls.closeOutbound() : channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        flushed.addListener(done -> halfClose());
    }

    /** Ends now, without the last words of TLS: who takes nothing would not hear them either. */
    void cut() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    /** Drops what still comes. */
    void drop(ByteBuf read) {
        droppedBytes += read.readableBytes();
        read.release();
        if (droppedBytes > DRAIN_BYTES) {
            channel.close();
        } else if (drainEndNanos != NOT_YET) {
            drainEndNanos = Math.min(pulse.nanoTime() + DRAIN_NANOS, drainLimitNanos); // it is still busy sending, and reads the Close behind that
        }
    }

    /**
     * Whether an event of the channel says that the peer sends nothing more: FIN, or its close_notify.
     *
     * <p>After this end's own close_notify BoringSSL says so of a peer that still sends: only FIN counts then.
     */
    boolean isEndOfInput(Object event) {
        return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent && !hasBegun;
    }

    /** The peer's FIN has come. */
    void inputEnded() {
        hasInputEnded = true;
        if (drainEndNanos != NOT_YET) {
            channel.close();
        }
    }

    void beat(long nowNanos) {
        long end = drainEndNanos != NOT_YET ? drainEndNanos : flushEndNanos;
        if (end != NOT_YET && nowNanos - end >= 0) {
            cut();
        }
    }

    private void halfClose() {
        if (hasInputEnded || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        long now = pulse.nanoTime();
        drainLimitNanos = now + closeWait.toNanos();
        drainEndNanos = Math.min(now + DRAIN_NANOS, drainLimitNanos);
        // With its own FIN sent, this end has nothing to do with the peer's but to close.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            sendFin(socket);
        } else {
            duplex.shutdownOutput();
        }
    }

    /** Straight to the socket: Netty's own way makes an exception with its stack trace, for writes that never come here. */
    private void sendFin(Socket socket) {
        try {
            socket.shutdown(false, true);
        } catch (IOException | NotYetConnectedException peerIsGone) {
            channel.close();
        }
    }
}
