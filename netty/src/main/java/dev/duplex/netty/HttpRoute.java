package dev.duplex.netty;

/** Answers plain HTTP GET and HEAD on the WebSocket server's port. */
@FunctionalInterface
public interface HttpRoute {

    /**
     * Answers one request; called on the event loop, so it must not block. An exception answers 500.
     *
     * <p>HEAD is answered by the same call: the body is left out.
     */
    HttpAnswer answer(HttpQuery query);
}
