package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.Part;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Large messages to listeners that keep them and to such that don't. */
class LargeMessagesTest {
    private static final int BYTES = 200_000;

    private final Random random = new Random(6455);

    private byte[] noise() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static WebSocketServer serve(Listener listener) {
        return WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1).endpoint("/", opening -> listener).start();
    }

    private static Conversation join(WebSocketClient client, WebSocketServer server) {
        return client.converse(URI.create("ws://127.0.0.1:" + server.port() + "/"));
    }

    private static void assertSame(Message message, byte[] sent) {
        assertThat(Arrays.mismatch(message.bytes(), sent)).as("where they differ").isEqualTo(-1);
    }

    /** Sends back what comes, and keeps nothing. */
    private static class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public boolean keepsMessages() {
            return false;
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }

    @Test
    void messagesOfManyConnectionsDoNotMixInTheMemoryThatTheyShare() {
        try (WebSocketServer server = serve(new Echo()); WebSocketClient client = WebSocketClient.builder().build()) {
            List<Conversation> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                peers.add(join(client, server));
            }
            for (int round = 0; round < 10; round++) {
                List<byte[]> sent = new ArrayList<>();
                for (Conversation peer : peers) {
                    sent.add(noise());
                    peer.send(Message.binary(sent.getLast()));
                }
                for (int i = 0; i < peers.size(); i++) {
                    assertSame(peers.get(i).receive(), sent.get(i));
                }
            }
            peers.forEach(Conversation::close);
        }
    }

    @Test
    void whoKeepsMessagesHasThemUnchanged() throws Exception {
        BlockingQueue<Message> kept = new LinkedBlockingQueue<>();
        Listener keeper = new Listener() {
            @Override
            public void onMessage(Connection connection, Message message) {
                kept.add(message);
            }
        };
        try (WebSocketServer server = serve(keeper); WebSocketClient client = WebSocketClient.builder().build(); Conversation peer = join(client, server)) {
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sent.add(noise());
                peer.send(Message.binary(sent.getLast()));
            }
            List<Message> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(kept.poll(20, TimeUnit.SECONDS));
            }
            for (int i = 0; i < 10; i++) {
                assertSame(all.get(i), sent.get(i));
            }
        }
    }

    /** What can't leave at once, since a message in parts is under way, keeps its memory until it has left. */
    @Test
    void whatWaitsBehindAMessageInPartsIsUnchanged() {
        Listener echo = new Echo() {
            private int count;

            @Override
            public void onMessage(Connection connection, Message message) {
                if (count++ == 0) {
                    connection.send(Part.binary(new byte[] {1}, false));
                }
                connection.send(message);
                if (count == 4) {
                    connection.send(Part.binary(new byte[] {2}, true));
                }
            }

            @Override
            public Overflow overflow() {
                return Overflow.CLOSE; // a pause would wait for what waits for the next message
            }
        };
        try (WebSocketServer server = serve(echo); WebSocketClient client = WebSocketClient.builder().build(); Conversation peer = join(client, server)) {
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sent.add(noise());
                peer.send(Message.binary(sent.getLast()));
            }
            assertThat(peer.receive().bytes()).containsExactly(1, 2);
            for (byte[] each : sent) {
                assertSame(peer.receive(), each);
            }
        }
    }
}
