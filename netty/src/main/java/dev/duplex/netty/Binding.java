package dev.duplex.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import java.util.List;

/** Where a server listens. */
interface Binding {
    /**
     * Begins to listen.
     *
     * @throws StartException if it cannot, saying why
     */
    Channel listen(ServerBootstrap bootstrap, EventLoops loops);

    /** Where the acceptor can be reached, as a person writes it. */
    List<String> addresses(Channel acceptor, boolean isSecure);

    /** After the acceptor has closed. */
    default void ended() {}
}
