package dev.duplex.lab;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One end of the two that {@code lossy.sh} connects, in a process of its own: each message goes over a WebSocket and over UDP. */
public final class LossyEnd {
    private static final String SENDER = "10.9.0.1";
    private static final InetSocketAddress RECEIVER = new InetSocketAddress("10.9.0.2", 9000);
    private static final int PORT = 8080;
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(60);

    private LossyEnd() {}

    /** Sends, until it is ended, or receives, and prints what came when. */
    public static void main(String... args) throws InterruptedException, IOException {
        Feed feed = new Feed(Direction.PUSH, Integer.parseInt(args[1]), Integer.parseInt(args[2]), Duration.ofMillis(Long.parseLong(args[3])));
        if (args[0].equals("send")) {
            send(feed);
        } else {
            receive(feed);
        }
        System.exit(0);
    }

    private static void send(Feed feed) throws InterruptedException {
        WebSocketServer.builder().host(SENDER).port(PORT).endpoint("/", opening -> new Listener() {
            @Override
            public void onMessage(Connection connection, Message start) {
                Thread.ofPlatform().start(() -> publish(feed, connection));
            }
        }).start();
        new CountDownLatch(1).await();
    }

    private static void publish(Feed feed, Connection connection) {
        try (DatagramSocket socket = new DatagramSocket()) {
            warmUp(connection, socket);
            long start = System.nanoTime();
            for (int i = 0; i < feed.messages(); i++) {
                for (long wait = 1; wait > 0; wait = start + i * 1_000_000_000L / feed.perSecond() - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                String text = FeedMessage.text(i, FeedMessage.now(), feed.sizeBytes());
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                connection.send(text);
                socket.send(new DatagramPacket(bytes, bytes.length, RECEIVER));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What both ends load and compile first would else make the first messages late, over either. */
    private static void warmUp(Connection connection, DatagramSocket socket) throws IOException {
        for (int i = 0; i < 20; i++) {
            connection.send("warm-up");
            socket.send(new DatagramPacket(new byte[10], 10, RECEIVER));
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void receive(Feed feed) throws InterruptedException, IOException {
        CountDownLatch remaining = new CountDownLatch(feed.messages());
        StringBuffer lines = new StringBuffer();
        try (DatagramSocket socket = new DatagramSocket(RECEIVER)) {
            Thread.ofPlatform().daemon().start(() -> hear(socket, lines));
            connect(new Listener() {
                @Override
                public void onMessage(Connection connection, Message message) {
                    if (note(lines, "tcp", message.bytes())) {
                        remaining.countDown();
                    }
                }
            }).send("start");
            remaining.await(feed.duration().toMillis() + CONNECT_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            TimeUnit.SECONDS.sleep(1); // the slow line may hold a datagram still
        }
        System.out.print(lines);
        System.out.flush();
    }

    private static void hear(DatagramSocket socket, StringBuffer lines) {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        try {
            while (true) {
                socket.receive(packet);
                note(lines, "udp", Arrays.copyOf(packet.getData(), packet.getLength()));
            }
        } catch (SocketException closed) {
            return;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return whether it is one of the feed's messages, and not one of those before, which nobody counts */
    private static boolean note(StringBuffer lines, String kind, byte[] bytes) {
        long now = FeedMessage.now();
        FeedMessage message = FeedMessage.of(bytes);
        if (message == null) {
            return false;
        }
        lines.append(kind + " " + message.sequence() + " " + message.sentNanos() + " " + now + "\n");
        return true;
    }

    /** The sender starts at the same time, and its first packets may be lost. */
    private static Connection connect(Listener listener) throws InterruptedException {
        long last = System.nanoTime() + CONNECT_WAIT.toNanos();
        while (true) {
            try {
                return WebSocketClient.builder().build().open(URI.create("ws://" + SENDER + ":" + PORT + "/"), listener).toCompletableFuture().join();
            } catch (CompletionException notYet) {
                if (!(notYet.getCause() instanceof ConnectFailedException) || System.nanoTime() > last) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }
}
