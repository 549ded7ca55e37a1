package dev.duplex.netty;

import dev.duplex.api.Carrier;
import dev.duplex.api.Rejection;
import java.util.List;

/** A plain HTTP request's way into the endpoint at its path, on the same terms as a WebSocket's. */
public interface Door {

    /** Whether the page that asks may connect here; if not, 403 is the answer. */
    boolean permitsOrigin();

    /**
     * Opens a connection whose bytes the caller carries; on the request's event loop alone.
     *
     * @param carrier what the endpoint is told
     * @param query the application's part of the query, still encoded
     * @param offeredSubprotocols what the client offers, by its preference
     * @param line told of the tunnel before the endpoint's listener is called
     * @throws Rejection if the endpoint, or the server that goes down, refuses
     */
    Tunnel open(Carrier carrier, String query, List<String> offeredSubprotocols, Tunnel.Line line);
}
