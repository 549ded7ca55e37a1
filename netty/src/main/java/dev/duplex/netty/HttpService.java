package dev.duplex.netty;

import java.util.Set;

/** Serves plain HTTP requests of several methods, with bodies, and with answers that come late or in pieces. */
@FunctionalInterface
public interface HttpService {
    /** What a request may carry if a service says nothing else: a batch of messages fits, a flood of them does not. */
    int MAX_BODY_BYTES = 1_000_000;

    /**
     * Serves one request whose body has come whole; called on the event loop, so it must not block.
     *
     * <p>It answers now or later, from any thread, but must answer: the connection waits for it. An exception answers 500.
     */
    void serve(HttpExchange exchange);

    /** The methods it knows; any other is answered 405. Only POST, PUT and PATCH may carry a body. */
    default Set<String> methods() {
        return Set.of("GET", "POST");
    }

    /** The largest body it takes, in bytes; above it 413, as soon as that is known. */
    default int maxBodyBytes() {
        return MAX_BODY_BYTES;
    }
}
