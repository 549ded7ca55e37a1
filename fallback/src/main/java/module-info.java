/** The same connection over plain HTTP, at a server and at a client. */
module dev.duplex.fallback {
    requires transitive dev.duplex.api;
    requires transitive dev.duplex.netty;
    requires java.net.http;

    exports dev.duplex.fallback;
}
