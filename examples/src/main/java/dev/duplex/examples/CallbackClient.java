package dev.duplex.examples;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.Message;
import java.net.URI;

/** A client of callbacks: nothing waits but the last line. */
public class CallbackClient {
    public static void main(String... args) {
        var url = args.length > 0 ? args[0] : "ws://localhost:8080/echo";
        var client = WebSocketClient.builder().subprotocols("echo.example").build();
        var opened = client.open(URI.create(url), new Listener() {
            @Override
            public void onOpen(Connection connection) {
                connection.send("hello");
            }

            @Override
            public void onMessage(Connection connection, Message message) {
                System.out.println(message.text());
                connection.ping().thenAccept(roundTrip -> connection.close());
            }
        });
        System.out.println(opened.thenCompose(Connection::closed).toCompletableFuture().join());
    }
}
