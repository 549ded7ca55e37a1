package dev.duplex.examples;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Part;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Answers each message, however large, with its SHA-256; messages come in parts and are never held whole. */
public class DigestServer {
    public static void main(String... args) {
        var server = WebSocketServer.builder()
                .port(Integer.getInteger("port", 8080))
                .endpoint("/digest", Endpoint.conversationInParts(DigestServer::digest))
                .start();
        System.out.println("ws://localhost:" + server.port() + "/digest");
    }

    private static void digest(Conversation sender) throws NoSuchAlgorithmException {
        while (true) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            Part part;
            do {
                part = sender.receivePart();
                sha256.update(part.bytes());
            } while (!part.isLast());
            sender.send(HexFormat.of().formatHex(sha256.digest()));
        }
    }
}
