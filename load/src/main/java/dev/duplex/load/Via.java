package dev.duplex.load;

import dev.duplex.proxy.Proxy;

/** How a load reaches its server. */
public sealed interface Via {

    /** Over TCP, to the host and port of the URI. */
    record Direct() implements Via {}

    /** The same through a proxy, every connection through a tunnel of its own. */
    record Through(Proxy proxy) implements Via {}

    /** To a Unix domain socket; {@code @name} for one of Linux's abstract namespace. */
    record Unix(String path) implements Via {}
}
