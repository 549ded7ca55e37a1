package dev.duplex.attacks;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.PreparedMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A server, in a process of its own, that sends the same messages to everyone who opens {@code /channel}.
 *
 * <p>It prints its port; then for each line on its standard input, {@code NUMBER BYTES}, it sends so many messages to all; or, if
 * the number is 0, one to each for whom nothing waits. It answers how many are there, for how many something waits, what the
 * budget counts, and how many bytes live in this process, unless the number is 0. It answers what {@link ServerProcess#assertUnhurt}
 * asks, too.
 */
final class ChannelServer {
    private static final Set<Connection> MEMBERS = ConcurrentHashMap.newKeySet();

    private ChannelServer() {}

    public static void main(String[] args) throws Exception {
        ServerBuilder builder = WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1)
                .writeDeadline(Duration.ofMinutes(10)).pings(Duration.ZERO, Duration.ZERO).endpoint("/channel", opening -> new Member())
                .endpoint("/echo", opening -> new Echo());
        if (List.of(args).contains("--tls")) {
            builder.tls(Tls.selfSigned());
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (WebSocketServer server = builder.start()) {
            System.out.println(server.port());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = ServerProcess.answer(line);
                if (answer != null) {
                    System.out.println(answer);
                    continue;
                }
                int number = Integer.parseInt(line.split(" ")[0]);
                publish(number, Integer.parseInt(line.split(" ")[1]));
                long liveBytes = number == 0 ? 0 : liveBytes(); // which takes long
                System.out.println(MEMBERS.size() + " " + waiting() + " " + server.heldBytes() + " " + liveBytes);
            }
            server.close(Duration.ZERO);
        }
    }

    private static void publish(int number, int bytes) throws InterruptedException {
        if (number == 0) {
            PreparedMessage once = PreparedMessage.of(Message.binary(new byte[bytes]));
            MEMBERS.stream().filter(member -> member.bufferedBytes() == 0).forEach(member -> member.send(once));
        }
        for (int i = 0; i < number; i++) {
            PreparedMessage once = PreparedMessage.of(Message.binary(new byte[bytes]));
            MEMBERS.forEach(member -> member.send(once));
            throughTheLoop();
        }
        throughTheLoop();
    }

    /** Waits until the loop has done what was posted to it. */
    private static void throughTheLoop() throws InterruptedException {
        Iterator<Connection> any = MEMBERS.iterator();
        if (any.hasNext()) {
            CountDownLatch done = new CountDownLatch(1);
            any.next().owner().execute(done::countDown);
            done.await();
        }
    }

    private static long waiting() {
        return MEMBERS.stream().filter(member -> member.bufferedBytes() > 0).count();
    }

    private static long liveBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + Memory.directBytes();
    }

    private static class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }
    }

    private static final class Member extends Echo {
        @Override
        public void onOpen(Connection connection) {
            MEMBERS.add(connection);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            MEMBERS.remove(connection);
        }
    }
}
