package dev.duplex.netty;

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

    /** The methods it knows; see {@link HttpService#methods}. */
    default Set<String> methods() {
        return Set.of("GET", "POST", "OPTIONS");
    }

    /** The largest body it takes; see {@link HttpService#maxBodyBytes}. */
    default int maxBodyBytes() {
        return HttpService.MAX_BODY_BYTES;
    }
}
