package dev.duplex.netty;

import dev.duplex.protocol.Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client shows to a server, and whom it trusts.
 *
 * @param headers more fields of each opening request
 * @param subprotocols what is offered, by preference
 * @param handshakeDeadline for everything up to the open connection
 * @param isInsecure whether any certificate will do
 * @param trusted a PEM file of certificates; empty for the system's
 */
public record ClientSettings(Headers headers, List<String> subprotocols, Duration handshakeDeadline, boolean isInsecure, Optional<Path> trusted) {

    /** Copies the subprotocols. */
    public ClientSettings {
        Objects.requireNonNull(headers, "headers");
        subprotocols = List.copyOf(subprotocols);
    }
}
