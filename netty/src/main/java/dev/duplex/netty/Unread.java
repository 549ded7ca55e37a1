package dev.duplex.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** What a peer has sent and nobody has read yet: one buffer, into however many pieces the peer has cut it. */
final class Unread {
    private final Channel channel;
    private ByteBuf bytes;
    /** Whether it was made here, and not by the channel. */
    private boolean isOwn;

    Unread(Channel channel) {
        this.channel = channel;
    }

    /** Takes more over. */
    void add(ByteBuf read) {
        if (bytes == null) {
            bytes = read;
            isOwn = false;
            return;
        }
        if (!isOwn) {
            ByteBuf own = channel.alloc().buffer(bytes.readableBytes() + read.readableBytes()).writeBytes(bytes);
            bytes.release();
            bytes = own;
            isOwn = true;
        }
        bytes.discardSomeReadBytes().writeBytes(read);
        read.release();
    }

    /** To be read from; null if there is nothing. */
    ByteBuf bytes() {
        return bytes;
    }

    int size() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /** Leaves what there is to the caller; may be null. */
    ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = null;
        return taken;
    }

    void drop() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
