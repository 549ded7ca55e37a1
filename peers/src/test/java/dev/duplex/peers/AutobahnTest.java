package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.cli.Main;
import dev.duplex.cli.Streams;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Limits;
import dev.duplex.protocol.Message;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The public Autobahn suite finds nothing to blame in our server and our client. */
@Tag("slow")
class AutobahnTest {
    /** The largest message of the suite. */
    private static final int LARGEST_MESSAGE_BYTES = 16 << 20;

    private static final long SUITE_START_MINUTES = 5;

    private static CompletableFuture<Autobahn> serverExamined;
    private static CompletableFuture<Autobahn> clientExamined;

    /** Both at once: the suite mostly waits, for seconds at a time, for what must not come. */
    @BeforeAll
    static void examine() {
        serverExamined = CompletableFuture.supplyAsync(AutobahnTest::examineServer, Thread::startVirtualThread);
        clientExamined = CompletableFuture.supplyAsync(AutobahnTest::examineClient, Thread::startVirtualThread);
    }

    @TestFactory
    Stream<DynamicTest> theServerPassesTheSuite() throws Exception {
        return serverExamined.join().verdicts();
    }

    @TestFactory
    Stream<DynamicTest> theClientPassesTheSuite() throws Exception {
        return clientExamined.join().verdicts();
    }

    private static Autobahn examineServer() {
        try (WebSocketServer server = WebSocketServer.builder()
                .host("127.0.0.1")
                .port(0)
                .limits(Limits.defaults().withMaxMessageBytes(LARGEST_MESSAGE_BYTES))
                .endpoint("/", opening -> new Echo())
                .start()) {
            return Autobahn.examineServer("ws://127.0.0.1:" + server.port());
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Answers on the event loop, so that what came before a fault is answered before it is judged. */
    private static final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }

    /** The command {@code duplex connect --echo}, once for each case, as the suite's server hands them out. */
    private static Autobahn examineClient() {
        try {
            String suite = "ws://127.0.0.1:" + Autobahn.freePort();
            Autobahn autobahn = Autobahn.examineClients(suite);
            try {
                assertThat(caseCount(suite)).isEqualTo(Autobahn.CASE_COUNT);
                for (int number = 1; number <= Autobahn.CASE_COUNT; number++) {
                    echo(suite + "/runCase?agent=duplex&case=" + number);
                }
                echo(suite + "/updateReports?agent=duplex");
            } finally {
                autobahn.end();
            }
            return autobahn;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Whatever the exit status: that a peer's fault ends with 1 is right. */
    private static void echo(String url) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Streams streams = Streams.of(InputStream.nullInputStream(), nowhere, nowhere);
        Main.run(streams, "connect", "--echo", "--max-message-bytes", String.valueOf(LARGEST_MESSAGE_BYTES), url);
    }

    /** Asks until the suite listens. */
    private static int caseCount(String suite) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(SUITE_START_MINUTES);
        while (true) {
            try (Conversation conversation = WebSocketClient.connect(URI.create(suite + "/getCaseCount"))) {
                return Integer.parseInt(conversation.receive(Peer.PATIENCE).text());
            } catch (ConnectFailedException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }
}
