package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries connections to a server's endpoints over plain HTTP, at the same paths as their WebSockets. */
public interface HttpCarrier {

    /** Whether a request at an endpoint's path is this carrier's; else it is answered as if there were none. */
    boolean takes(HttpQuery query);

    /**
     * Serves one request that it takes and whose page may connect here; called on the event loop, see {@link HttpService#serve}.
     *
     * @param door the way into the endpoint at the request's path
     */
    void serve(HttpExchange exchange, Door door);

    /** The subprotocol of the WebSockets that may carry such a connection, too; none by default. */
    default Optional<String> subprotocol() {
        return Optional.empty();
    }

    /**
     * Opens a connection that a WebSocket carries, or goes on with one; called on the event loop, before the WebSocket opens.
     *
     * @param query the WebSocket's opening request, from a page that may connect here
     * @param door the way into the endpoint at its path
     * @param carrier what the endpoint is told
     * @param offeredSubprotocols what the client offers beside {@link #subprotocol}
     * @throws Rejection if this WebSocket is not to open
     */
    default CarryingListener carry(HttpQuery query, Door door, Carrier carrier, List<String> offeredSubprotocols) {
        throw new Rejection(400, "no WebSocket carries a connection here");
    }

    /** The methods it knows; see {@link HttpService#methods}. */
    default Set<String> methods() {
        return Set.of("GET", "POST", "OPTIONS");
    }

    /** The largest body it takes; see {@link HttpService#maxBodyBytes}. */
    default int maxBodyBytes() {
        return HttpService.MAX_BODY_BYTES;
    }
}
