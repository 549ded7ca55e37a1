package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.protocol.ClientHandshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** A client's handler that has asked for a WebSocket on its channel, and waits for the answer. */
interface Asking extends ChannelHandler {
    ClientHandshake handshake();

    /** What the WebSocket would run on. */
    Channel channel();

    Carrier carrier();
}
