package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beginning of a connection from a proxy that must say for whom it speaks; then it makes room for what follows. */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter implements Pulse.Member {
    private static final Logger LOG = LoggerFactory.getLogger("dev.duplex");

    private final Channel channel;
    private final Pulse pulse;
    private final long deadlineNanos;
    private final Consumer<ProxyHeader> whenRead;
    private ByteBuf input;
    private boolean isDone;
    private int place = Pulse.NOWHERE;

    /**
     * @param patienceNanos for the whole header
     * @param whenRead adds the handlers of the connection itself behind this one
     */
    ProxyHeaderReader(Channel channel, Pulse pulse, long patienceNanos, Consumer<ProxyHeader> whenRead) {
        this.channel = channel;
        this.pulse = pulse;
        this.deadlineNanos = pulse.nanoTime() + patienceNanos;
        this.whenRead = whenRead;
        input = channel.alloc().buffer();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        place = pulse.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        place = pulse.remove(place);
        input.release();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf read = (ByteBuf) message;
        try {
            if (!isDone) {
                readOn(ctx, input.writeBytes(read));
            }
        } catch (ProxyHeader.Malformed e) {
            refuse(e.getMessage());
        } finally {
            read.release();
        }
    }

    private void readOn(ChannelHandlerContext ctx, ByteBuf all) throws ProxyHeader.Malformed {
        ProxyHeader header = ProxyHeader.read(all);
        if (header != null) {
            isDone = true;
            whenRead.accept(header);
            ctx.fireChannelRead(all.retain());
            channel.pipeline().remove(this);
        }
    }

    /** Whoever leaves without a word has only looked whether the port is open, and is not worth a line. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !isDone) {
            if (input.isReadable()) {
                refuse("half a PROXY header");
            } else {
                channel.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", channel, cause.toString());
        channel.close();
    }

    private void refuse(String why) {
        isDone = true;
        pulse.tell("closed a connection of the trusted proxy " + Failures.shown(String.valueOf(channel.remoteAddress())) + ": " + why);
        channel.close();
    }

    @Override
    public void beat(long nowNanos) {
        if (!isDone && nowNanos - deadlineNanos >= 0) {
            refuse("no PROXY header in time");
        }
    }

    @Override
    public void drain() {
        channel.close();
    }

    @Override
    public void abort() {
        channel.close();
    }
}
