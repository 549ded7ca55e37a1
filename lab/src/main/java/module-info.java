/** The measuring of carriers: the same feed over each, counted at the socket. */
module dev.duplex.lab {
    requires transitive dev.duplex.api;
    requires transitive dev.duplex.proxy;
    requires dev.duplex.fallback;
    requires dev.duplex.netty;
    requires dev.duplex.testkit;
    requires HdrHistogram;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires java.net.http;
    requires jdk.management;

    exports dev.duplex.lab;
}
