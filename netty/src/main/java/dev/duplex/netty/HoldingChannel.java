package dev.duplex.netty;

import io.netty.channel.Channel;

/** A channel without a socket of its own, which holds itself what a socket's buffers would. */
interface HoldingChannel extends Channel {
    /** The bytes it holds; on the loop alone. */
    long heldBytes();

    /** A number that changes whenever the peer takes something of what waits, beside what the channel's own buffer tells. */
    long progress();
}
