/** Load for WebSocket servers, and what it measured. */
module dev.duplex.load {
    requires transitive dev.duplex.protocol;
    requires transitive dev.duplex.proxy;
    requires HdrHistogram;
    requires io.netty.buffer;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports dev.duplex.load;
}
