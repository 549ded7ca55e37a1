package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BiFunction;

/** Writes replies to one channel; a file goes in pieces, each after the one before has left, whatever its size. */
final class ReplyWriter {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Channel channel;
    private final BiFunction<Integer, Headers, ByteBuf> heads;

    /** @param heads makes of a status and the fields what goes before the body */
    ReplyWriter(Channel channel, BiFunction<Integer, Headers, ByteBuf> heads) {
        this.channel = channel;
        this.heads = heads;
    }

    /**
     * Writes one reply.
     *
     * @param isLast whether the connection ends after it
     * @param hasBody false in answer to HEAD: the same fields, but no body
     * @param written runs when everything has left, or cannot
     */
    void write(Reply reply, boolean isLast, boolean hasBody, Runnable written) {
        Headers headers = Headers.of("Date", DATE.format(Instant.now()), "X-Content-Type-Options", "nosniff");
        if (reply.status() != 304 && reply.status() != 204) {
            headers = headers.with("Content-Length", Long.toString(reply.length()));
        }
        if (isLast && !reply.headers().contains("Connection")) {
            headers = headers.with("Connection", "close");
        }
        ByteBuf head = heads.apply(reply.status(), headers.with(reply.headers()));
        if (reply.file() != null && hasBody) {
            channel.write(head, channel.voidPromise());
            sendFile(reply.file(), reply.length(), written);
            return;
        }
        close(reply.file());
        ByteBuf all = hasBody && reply.body().length > 0 ? Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(reply.body())) : head;
        channel.writeAndFlush(all).addListener(done -> written.run());
    }

    /** Writes the head of a reply whose body follows in pieces: in chunks, or up to the end of the connection. */
    void begin(Reply reply, boolean isLast, boolean isChunked) {
        Headers headers = Headers.of("Date", DATE.format(Instant.now()), "X-Content-Type-Options", "nosniff");
        if (isChunked) {
            headers = headers.with("Transfer-Encoding", "chunked");
        }
        if (isLast) {
            headers = headers.with("Connection", "close");
        }
        channel.writeAndFlush(heads.apply(reply.status(), headers.with(reply.headers())), channel.voidPromise());
    }

    private void sendFile(FileChannel file, long remaining, Runnable written) {
        if (remaining == 0) {
            close(file);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> written.run());
            return;
        }
        ByteBuf piece = channel.alloc().directBuffer((int) Math.min(remaining, PIECE_BYTES));
        ChannelFuture sent;
        try {
            int bytes = piece.writeBytes(file, (int) Math.min(remaining, PIECE_BYTES));
            if (bytes <= 0) {
                throw new IOException("the file has become shorter");
            }
            long left = remaining - bytes;
            sent = channel.writeAndFlush(piece);
            sent.addListener(done -> {
                if (done.isSuccess()) {
                    // Not from here, where a fast peer would make the stack grow with the file.
                    channel.eventLoop().execute(() -> sendFile(file, left, written));
                } else {
                    close(file);
                    written.run();
                }
            });
        } catch (IOException e) {
            piece.release();
            close(file);
            channel.close(); // the promised length cannot be kept, and only a broken connection tells so
        }
    }

    private static void close(FileChannel file) {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException nothingToBeDone) {
            return;
        }
    }
}
