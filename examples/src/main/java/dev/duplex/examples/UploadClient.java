package dev.duplex.examples;

import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends a file of any size as one message in parts: at no time is more than a part of it in memory. */
public class UploadClient {
    public static void main(String... args) throws IOException {
        try (var file = Files.newInputStream(Path.of(args[1])); var c = WebSocketClient.connect(args[0])) {
            byte[] piece = file.readNBytes(64 * 1024);
            while (piece.length > 0) {
                c.send(Part.binary(piece, false));
                piece = file.readNBytes(64 * 1024);
            }
            c.send(Part.binary(piece, true)); // an empty last part ends the message
            System.out.println(c.receive().text());
        }
    }
}
