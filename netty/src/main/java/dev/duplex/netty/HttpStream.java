package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** The body of an answer that is sent in pieces as they are made; any thread may write, in an order that the callers keep. */
public final class HttpStream {
    private static final ByteBuf LINE_END = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {'\r', '\n'}));
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;
    private final Channel channel;
    private final boolean isChunked;
    private final AtomicLong bufferedBytes = new AtomicLong();
    private volatile Runnable whenDrained = () -> {};

    HttpStream(HttpExchange exchange, Channel channel, boolean isChunked) {
        this.exchange = exchange;
        this.channel = channel;
        this.isChunked = isChunked;
    }

    /** Sends a piece, taking over its bytes; in vain if the peer has gone. */
    public void write(byte[] bytes) {
        if (bytes.length == 0) {
            return; // in chunks that would be the end
        }
        bufferedBytes.addAndGet(bytes.length);
        exchange.run(() -> channel.writeAndFlush(framed(bytes)).addListener(done -> left(bytes.length)));
    }

    /** Ends the answer. */
    public void end() {
        exchange.run(() -> {
            ChannelFuture sent = channel.writeAndFlush(isChunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER);
            sent.addListener(done -> exchange.streamed());
        });
    }

    /** The bytes written that have not yet left for the operating system. */
    public long bufferedBytes() {
        return bufferedBytes.get();
    }

    /** Runs {@code action} on the request's loop each time that all that was written has left. */
    public void whenDrained(Runnable action) {
        whenDrained = action;
    }

    private ByteBuf framed(byte[] bytes) {
        ByteBuf piece = Unpooled.wrappedBuffer(bytes);
        if (!isChunked) {
            return piece;
        }
        byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(size), piece, LINE_END.duplicate());
    }

    private void left(int bytes) {
        if (bufferedBytes.addAndGet(-bytes) == 0) {
            whenDrained.run();
        }
    }
}
