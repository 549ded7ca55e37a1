package dev.duplex.examples;

import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;

/** Sends back every message: a plain loop for each connection, on a virtual thread. */
public class EchoServer {
    public static void main(String... args) {
        var server = WebSocketServer.builder()
                .port(Integer.getInteger("port", 8080))
                .endpoint("/echo", Endpoint.conversation(c -> { for (Message m : c) c.send(m); }))
                .start();
        System.out.println("ws://localhost:" + server.port() + "/echo");
    }
}
