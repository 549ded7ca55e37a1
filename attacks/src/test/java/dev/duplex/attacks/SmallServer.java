package dev.duplex.attacks;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.fallback.EngineIo;
import dev.duplex.fallback.Fallback;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.DeflateOptions;
import dev.duplex.protocol.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server without any configuration, in a process of its own whose memory or files are few.
 *
 * <p>It prints its port; then for each line on its standard input what its connections hold, as it counts; for {@code buffers} its live
 * objects and buffers; for {@code resident} its live objects and, if the heap was touched at the start, all else that the system gave
 * it: buffers, TLS, zlib; for {@code allocated} what its event loops have; for {@code timers} the most of them that an event loop has; for
 * {@code open} the WebSockets; for {@code sockets} the sockets; and what {@link ServerProcess#assertUnhurt} asks. It ends with its input.
 */
final class SmallServer {
    /** What waits for whoever opens {@code /feed} and reads nothing: less than what makes an outbound queue overflow. */
    private static final int FEED_BYTES = 900 * 1024;
    private static final Timers TIMERS = new Timers();

    private SmallServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        ServerBuilder builder = WebSocketServer.builder().host("127.0.0.1").port(0)
                .endpoint("/echo", opening -> new Echo())
                .endpoint("/feed", opening -> new Feed());
        if (List.of(args).contains("--compress")) {
            builder.deflate(DeflateOptions.defaults());
        }
        if (List.of(args).contains("--http")) {
            EngineIo.at(builder, "/engine.io/", opening -> new Echo()).carrier(new Fallback());
        }
        if (List.of(args).contains("--tls")) {
            builder.tls(Tls.selfSigned());
        }
        if (List.of(args).contains("--no-limit")) {
            builder.maxConnections(Integer.MAX_VALUE);
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (WebSocketServer server = builder.start()) {
            System.out.println(server.port());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = ServerProcess.answer(line);
                System.out.println(answer != null ? answer : switch (line) {
                    case "buffers" -> Memory.liveHeapBytes() + Memory.directBytes();
                    case "allocated" -> LoopCpu.allocatedBytes();
                    case "timers" -> TIMERS.most();
                    case "open" -> server.connectionCount();
                    case "sockets" -> sockets();
                    case "resident" -> Memory.liveHeapBytes() + Memory.residentBytes();
                    default -> server.heldBytes();
                });
            }
            server.close(Duration.ZERO);
        }
    }

    /** Of this process, whether a WebSocket was opened on them or not. */
    private static long sockets() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(SmallServer::isSocket).count();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static final class Echo implements Listener {
        @Override
        public void onOpen(Connection connection) {
            TIMERS.watch(connection);
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }

    private static final class Feed implements Listener {
        @Override
        public void onOpen(Connection connection) {
            while (connection.isOpen() && connection.bufferedBytes() < FEED_BYTES) {
                connection.send(new byte[16 * 1024]);
            }
        }
    }
}
