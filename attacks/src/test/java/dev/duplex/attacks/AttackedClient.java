package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A client for each test, and the proof that an attack has not hurt it: it still talks to a good server, rests, and lost no buffer. */
final class AttackedClient implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofMillis(Promptness.PATIENCE_MILLIS);

    private final UnaryOperator<ClientBuilder> settings;
    private WebSocketServer good;
    private WebSocketClient client;
    private Conversation bystander;

    AttackedClient(UnaryOperator<ClientBuilder> settings) {
        this.settings = settings;
    }

    WebSocketClient client() {
        return client;
    }

    /** What goes wrong when a connection is to be opened. */
    ConnectFailedException failure(URI uri) {
        try (Conversation opened = client.converse(uri)) {
            throw new AssertionError("opened: " + opened);
        } catch (ConnectFailedException failed) {
            return failed;
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        good = WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1)
                .endpoint("/", Endpoint.conversation(c -> c.forEach(c::send))).start();
        client = settings.apply(WebSocketClient.builder()).eventLoops(1).build();
        bystander = client.converse(goodUri());
        assertEchoes(bystander);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        assertEchoes(bystander);
        try (Conversation newcomer = client.converse(goodUri())) {
            assertEchoes(newcomer);
        }
        assertThat(LoopCpu.comesToRest()).as("the event loops rest").isTrue();
        bystander.close();
        client.close();
        good.close(Duration.ofSeconds(2));
        assertThat(Leaks.reported()).as("lost buffers").isEmpty();
    }

    private URI goodUri() {
        return URI.create("ws://127.0.0.1:" + good.port() + "/");
    }

    private static void assertEchoes(Conversation open) throws Exception {
        Promptness.assertWithinASecond(() -> {
            open.send("ok");
            assertThat(open.receive(PATIENCE).text()).isEqualTo("ok");
        });
    }
}
