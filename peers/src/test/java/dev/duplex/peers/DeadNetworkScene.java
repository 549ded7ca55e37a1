package dev.duplex.peers;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.TcpOptions;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Two connections whose network dies without a word, one of which the system gives up and one the server itself.
 *
 * <p>A program of its own, so that it can run on a network of its own. What is reported of each end is printed.
 */
final class DeadNetworkScene {
    /** Printed where the system lets us have no network to kill. */
    static final String NO_NETWORK = "there is no network to kill";

    private DeadNetworkScene() {}

    public static void main(String... args) throws Exception {
        if (System.getProperty("loopback.only") == null) {
            System.out.println(NO_NETWORK);
            return;
        }
        BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
        ServerBuilder builder = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() {
            @Override
            public void onOpen(Connection connection) {
                opened.add(connection);
            }
        });
        WebSocketServer patient = builder.pings(Duration.ZERO, Duration.ofSeconds(8)).writeDeadline(Duration.ZERO)
                .tcp(TcpOptions.SYSTEM.withUserTimeout(Duration.ofSeconds(2))).start();
        WebSocketServer pinging = builder.tcp(TcpOptions.SYSTEM).pings(Duration.ofSeconds(1), Duration.ofSeconds(20)).start();
        WebSocketClient client = WebSocketClient.builder().pings(Duration.ZERO, Duration.ofSeconds(8)).build();
        for (WebSocketServer server : List.of(patient, pinging)) {
            client.open(URI.create("ws://127.0.0.1:" + server.port() + "/"), new Listener() {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
            Connection end = opened.poll(60, TimeUnit.SECONDS);
            if (!isDead(server.port())) {
                System.out.println(NO_NETWORK);
                System.exit(0);
            }
            end.send("into the void");
            end.closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
            System.out.println(end.closeReport().orElseThrow().by() + " " + end.closeReport().orElseThrow());
        }
        System.exit(0); // nothing here can end in order
    }

    /** Nothing from or to a port arrives any more. */
    private static boolean isDead(int port) throws Exception {
        String rules = "add table inet dead%1$d; add chain inet dead%1$d in { type filter hook input priority 0; }; "
                + "add rule inet dead%1$d in tcp dport %1$d drop; add rule inet dead%1$d in tcp sport %1$d drop";
        return new ProcessBuilder("nft", rules.formatted(port)).inheritIO().start().waitFor() == 0;
    }
}
