package dev.duplex.examples;

import dev.duplex.api.Endpoint;
import dev.duplex.netty.Reconnect;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.Message;
import java.net.URI;

/** Listens to a feed and comes back when the connection is lost, with longer and longer delays. */
public class ReconnectingClient {
    public static void main(String... args) {
        var url = args.length > 0 ? args[0] : "ws://localhost:8080/time";
        var policy = Reconnect.standard().telling(attempt -> System.out.println("lost; attempt " + attempt.number()));
        var feed = Endpoint.conversation(c -> {
            for (Message m : c) {
                System.out.println(m.text());
            }
        });
        try (var client = WebSocketClient.builder().build();
                var kept = client.keepOpen(URI.create(url), feed, policy)) {
            System.out.println(kept.ended().toCompletableFuture().join().getMessage());
        }
    }
}
