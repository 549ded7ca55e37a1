package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.api.Overflow;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for each test, and the proof that an attack on it has hurt nobody.
 *
 * <p>It has one event loop, so that every connection shares it with the attacker. After each test a client that was connected
 * before it, and one that comes after it, echo within a second; the loop comes to rest; nobody else is connected; and no buffer
 * was lost.
 */
final class AttackedServer implements BeforeEachCallback, AfterEachCallback {
    /** The frame of "ok", masked with zeros. */
    static final String OK = "81 82 00000000 6f6b";

    private final UnaryOperator<ServerBuilder> settings;
    private final LinkedBlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
    private WebSocketServer server;
    private Bystander bystander;

    /** A server without any configuration but its endpoint {@code /echo}. */
    AttackedServer() {
        this(builder -> builder);
    }

    AttackedServer(UnaryOperator<ServerBuilder> settings) {
        this.settings = settings;
    }

    WebSocketServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    /** Why the connections to {@code /echo} ended, in order. */
    LinkedBlockingQueue<CloseReason> ends() {
        return ends;
    }

    /** A connection on which nothing was said yet. */
    RawSocket connect() throws IOException {
        return new RawSocket(server.port());
    }

    /** The same, with little room for what comes back before it is read. */
    RawSocket connectWithWindow(int bytes) throws IOException {
        Socket narrow = new Socket();
        narrow.setReceiveBufferSize(bytes);
        narrow.connect(new InetSocketAddress("127.0.0.1", server.port()));
        return new RawSocket(narrow);
    }

    /** All that the server answers to some bytes, up to its FIN. */
    String ask(String latin1) throws IOException {
        try (RawSocket raw = connect()) {
            return raw.say(latin1).restText();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        ends.clear();
        server = settings.apply(WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1)
                .endpoint("/echo", opening -> new Echo())).start();
        bystander = new Bystander(connect().open("/echo"));
        bystander.assertEchoes();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try (RawSocket newcomer = connect(); Bystander old = bystander) {
            old.assertEchoes();
            assertEchoes(newcomer.open("/echo"));
            assertThat(LoopCpu.comesToRest()).as("the event loop rests").isTrue();
        }
        awaitNobody();
        server.close(Duration.ofSeconds(2));
        assertThat(server.isTerminated()).isTrue();
        assertThat(Leaks.reported()).as("lost buffers").isEmpty();
    }

    /** Within a second, as {@link Promptness} has it. */
    static void assertEchoes(RawSocket open) throws Exception {
        open.socket().setSoTimeout(Promptness.PATIENCE_MILLIS);
        Promptness.assertWithinASecond(() -> assertEchoesInTheEnd(open));
    }

    private static void assertEchoesInTheEnd(RawSocket open) throws IOException {
        Frames.Frame back = Frames.read(open.sayHex(OK));
        while (back != null && back.opcode() == 9) {
            back = Frames.read(open); // after 25 s it is pinged
        }
        assertThat(back).isNotNull();
        assertThat(new String(back.payload(), StandardCharsets.US_ASCII)).isEqualTo("ok");
    }

    private void awaitNobody() throws InterruptedException {
        for (int i = 0; i < 500 && server.connectionCount() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(server.connectionCount()).as("connections left behind").isZero();
    }

    private final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }

        @Override
        public void onClose(Connection connection, CloseReason reason) {
            ends.add(reason);
        }

        @Override
        public Overflow overflow() {
            return Overflow.PAUSE;
        }
    }
}
