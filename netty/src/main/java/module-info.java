/** WebSocket server and client on Netty; no Netty type is in a public signature. */
module dev.duplex.netty {
    requires transitive dev.duplex.api;
    requires transitive dev.duplex.proxy;
    requires io.netty.buffer;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires static io.netty.tcnative.classes.openssl;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires static jdk.jfr;
    requires jdk.management;
    requires org.slf4j;

    exports dev.duplex.netty;
}
