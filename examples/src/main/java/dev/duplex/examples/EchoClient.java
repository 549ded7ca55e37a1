package dev.duplex.examples;

import dev.duplex.netty.WebSocketClient;

/** Says hello and prints the answer. */
public class EchoClient {
    public static void main(String... args) {
        var url = args.length > 0 ? args[0] : "ws://localhost:8080/echo";
        try (var c = WebSocketClient.connect(url)) {
            c.send("hello");
            System.out.println(c.receive().text());
        }
    }
}
