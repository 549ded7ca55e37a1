package dev.duplex.load;

import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.DeflateParameters;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PerMessageDeflate;
import dev.duplex.protocol.Role;
import dev.duplex.protocol.WebSocketProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/**
 * One message as the frame that a client sends, made once and laid out many times in a row.
 *
 * <p>All sendings share one masking key, which RFC 6455 §5.3 forbids to clients that others give their content to: here nobody
 * does, and the server unmasks all the same.
 */
final class Frames {
    /** What one write takes at the most; large enough that a call costs little beside what it carries. */
    private static final int BATCH_BYTES = 64 * 1024;

    private final ByteBuf batch;
    private final int frameBytes;
    private final int copies;

    private Frames(byte[] frame, int mostAtOnce) {
        frameBytes = frame.length;
        copies = Math.clamp(BATCH_BYTES / frameBytes, 1, mostAtOnce);
        batch = Unpooled.directBuffer(copies * frameBytes);
        for (int i = 0; i < copies; i++) {
            batch.writeBytes(frame);
        }
    }

    /**
     * Frames of a message.
     *
     * @param deflate the compression agreed on, used whatever the size; null for none
     * @param mostAtOnce how many are ever written together
     */
    static Frames of(Message message, DeflateParameters deflate, int mostAtOnce) {
        Outgoing outgoing = new Outgoing();
        engine(deflate, outgoing).send(message);
        return new Frames(outgoing.takeBytes(), mostAtOnce);
    }

    /** A client's engine that takes messages of any size. */
    static WebSocketProtocol engine(DeflateParameters deflate, Outgoing outgoing) {
        PerMessageDeflate compression = deflate == null ? null
                : PerMessageDeflate.of(Role.CLIENT, deflate, DeflateOptions.defaults().withThresholdBytes(0));
        return new WebSocketProtocol(
                Role.CLIENT, Limits.defaults().withMaxMessageBytes(Limits.LARGEST_MESSAGE_BYTES), compression, outgoing);
    }

    /** Writes so many without flushing. */
    void write(ChannelHandlerContext ctx, int count) {
        for (int left = count; left > 0; left -= copies) {
            ctx.write(batch.retainedSlice(0, Math.min(left, copies) * frameBytes), ctx.voidPromise());
        }
    }

    void release() {
        batch.release();
    }
}
