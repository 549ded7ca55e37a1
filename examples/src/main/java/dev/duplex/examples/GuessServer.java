package dev.duplex.examples;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketServer;
import java.util.concurrent.ThreadLocalRandom;

/** Thinks of a number: a conversation keeps its state in local variables, and waits for each message where it needs it. */
public class GuessServer {
    public static void main(String... args) {
        var server = WebSocketServer.builder()
                .port(Integer.getInteger("port", 8080))
                .endpoint("/guess", Endpoint.conversation(GuessServer::play))
                .start();
        System.out.println("ws://localhost:" + server.port() + "/guess");
    }

    private static void play(Conversation player) {
        int secret = ThreadLocalRandom.current().nextInt(1, 101);
        player.send("a number from 1 to 100?");
        for (int tries = 1; ; tries++) {
            int guess = Integer.parseInt(player.receive().text().strip());
            if (guess == secret) {
                player.send("yes, after " + tries);
                return; // closes with 1000
            }
            player.send(guess < secret ? "more" : "less");
        }
    }
}
