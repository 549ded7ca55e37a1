package dev.duplex.peers;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.OriginPolicy;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Our server as the peers meet it; remembers each frame that passed and how each connection ended. */
final class EchoServer implements AutoCloseable {
    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private final WebSocketServer server;

    /** Starts with the origin of the pages that may connect; empty if there are none. */
    EchoServer(String origin) {
        server = WebSocketServer.builder()
                .host("127.0.0.1")
                .port(0)
                .origins(origin.isEmpty() ? OriginPolicy.sameOrigin() : OriginPolicy.allowing(origin))
                .deflate(DeflateOptions.defaults().withThresholdBytes(0))
                .endpoint("/echo", remembering(EchoServer::echo))
                .endpoint("/fragments", remembering(EchoServer::echoInFragments))
                .endpoint("/close", remembering(conversation -> {
                    conversation.receive();
                    conversation.close(4002, "go away");
                }))
                .wire(opening -> Frame.into(frames))
                .start();
    }

    /** Where an endpoint is. */
    String url(String path) {
        return "ws://127.0.0.1:" + server.port() + path;
    }

    /** The frames that passed since this was last asked. */
    Queue<Frame> frames() {
        Queue<Frame> passed = new ConcurrentLinkedQueue<>(frames);
        frames.removeAll(passed);
        return passed;
    }

    /** Waits for the end of a connection. */
    CloseReason end() throws InterruptedException {
        CloseReason reason = ends.poll(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (reason == null) {
            throw new AssertionError("the connection did not end within " + Peer.PATIENCE);
        }
        return reason;
    }

    @Override
    public void close() {
        server.close();
    }

    private Endpoint remembering(Endpoint.Talk talk) {
        return Endpoint.conversation(conversation -> {
            conversation.connection().closed().thenAccept(ends::add);
            talk.with(conversation);
        });
    }

    private static void echo(Conversation conversation) {
        for (Message message : conversation) {
            conversation.send(message);
        }
    }

    private static void echoInFragments(Conversation conversation) {
        for (Message message : conversation) {
            byte[] bytes = message.bytes();
            int third = bytes.length / 3;
            conversation.send(new Part(message.isText(), Arrays.copyOf(bytes, third), false));
            conversation.send(new Part(message.isText(), Arrays.copyOfRange(bytes, third, 2 * third), false));
            conversation.send(new Part(message.isText(), Arrays.copyOfRange(bytes, 2 * third, bytes.length), true));
        }
    }
}
