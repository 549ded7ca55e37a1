package dev.duplex.fallback;

import dev.duplex.api.Connection;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.CarryingListener;
import dev.duplex.netty.WebSocketClient;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Opens WebSockets that carry the session of one address. */
record Climber(WebSocketClient client, URI uri) {

    /**
     * Opens one for a session; fails if the server answers with anything else.
     *
     * @param parameters what stands in the query for the session
     */
    CompletionStage<Connection> open(String parameters, CarryingListener listener) {
        return client.open(Requests.with(uri, parameters), speaking(listener));
    }

    private static Endpoint speaking(CarryingListener listener) {
        Endpoint endpoint = opening -> {
            if (!opening.subprotocol().equals(Optional.of(CarryingSocket.SUBPROTOCOL))) {
                throw new IllegalStateException("the server knows of no session");
            }
            return listener;
        };
        return endpoint.speaking(CarryingSocket.SUBPROTOCOL);
    }
}
