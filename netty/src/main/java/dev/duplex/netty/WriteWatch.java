package dev.duplex.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/** Sees whether a peer has taken none of the bytes that wait for it for too long; used on the loop alone. */
final class WriteWatch {
    private final Channel channel;
    private final long deadlineNanos;
    private boolean isWaiting;
    private long sinceNanos;
    private long pendingBytes;
    private long progressBytes;
    private long writtenBytes;

    /** @param deadline zero for ever */
    WriteWatch(Channel channel, Duration deadline) {
        this.channel = channel;
        this.deadlineNanos = deadline.toNanos();
    }

    boolean isStuck(long nowNanos) {
        return isStuck(nowNanos, 0);
    }

    /** @param written what has left since the beginning, where more is kept behind what the channel has */
    boolean isStuck(long nowNanos, long written) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (deadlineNanos == 0 || buffer == null || buffer.isEmpty()) {
            isWaiting = false;
            return false;
        }
        long pending = buffer.totalPendingWriteBytes();
        long progress = buffer.currentProgress() + (channel instanceof HoldingChannel holding ? holding.progress() : 0);
        if (!isWaiting || pending < pendingBytes || progress != progressBytes || written != writtenBytes) {
            isWaiting = true;
            sinceNanos = nowNanos;
        }
        pendingBytes = pending;
        progressBytes = progress;
        writtenBytes = written;
        return nowNanos - sinceNanos >= deadlineNanos;
    }
}
