package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a client shows to a server, and whom it trusts.
 *
 * @param headers more fields of each opening request
 * @param subprotocols what is offered, by preference
 * @param handshakeDeadline for everything up to the open connection
 * @param isRouted whether connections go through a proxy of its own, or to a relay or a Unix socket
 * @param sslContext for connections of the JDK's own that show and trust the same; empty for the system's
 */
public record ClientSettings(Headers headers, List<String> subprotocols, Duration handshakeDeadline, boolean isRouted, Optional<SSLContext> sslContext) {

    /** Copies the subprotocols. */
    public ClientSettings {
        Objects.requireNonNull(headers, "headers");
        subprotocols = List.copyOf(subprotocols);
    }
}
