package dev.duplex.netty;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import java.util.Objects;

/** A listener and what it wants: asked once, before its connection is open, so that one that throws then has opened none. */
record Audience(Listener listener, boolean wantsParts, boolean keepsMessages, Overflow overflow) {

    /**
     * Who listens to a connection that opens.
     *
     * @throws RuntimeException whatever the endpoint or its listener throws
     */
    static Audience of(Endpoint endpoint, Opening opening) {
        return of(Objects.requireNonNull(endpoint.open(opening), "the endpoint gave no listener"));
    }

    static Audience of(Listener listener) {
        return new Audience(listener, listener.wantsParts(), listener.keepsMessages(),
                Objects.requireNonNull(listener.overflow(), "the listener tells no overflow policy"));
    }
}
