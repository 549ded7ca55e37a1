package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Connection;
import dev.duplex.api.Listener;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Group D: a server that is full says so over TLS too, to so many at a time. */
@Timeout(600)
class FullServerTest {
    /** How many at a time are let in to be told. */
    private static final int TOLD = 64;
    /** So that nobody is gone because of a deadline. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private WebSocketServer server;
    private Bystander good;

    @BeforeEach
    void aServerWithRoomForOne() throws Exception {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).eventLoops(1).tls(Tls.selfSigned()).maxConnections(1)
                .handshakeDeadline(LONG).closeWait(LONG)
                .endpoint("/echo", opening -> new Echo()).start();
        good = new Bystander(overTls().open("/echo"));
    }

    @AfterEach
    void theOneWasNotHurt() throws Exception {
        good.assertEchoes();
        good.close();
        try (RawSocket newcomer = openWhenThereIsRoom()) {
            AttackedServer.assertEchoes(newcomer);
            assertThat(LoopCpu.comesToRest()).as("the event loop rests").isTrue();
        }
        server.close();
        assertThat(Leaks.reported()).isEmpty();
    }

    private static final class Echo implements Listener {
        @Override
        public void onMessage(Connection connection, Message message) {
            connection.send(message);
        }
    }

    private RawSocket overTls() throws IOException {
        return Trusting.overTls(new Socket("127.0.0.1", server.port()));
    }

    @Test
    @Load
    @Row("D7")
    void d7AFullServerAnswers503OverTlsToo() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawSocket tooMany = overTls()) {
                assertThat(tooMany.say(RawSocket.opening("/echo", "")).restText())
                        .startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 5\r\n", "\r\nConnection: close\r\n");
            }
        }
    }

    @Test
    @Load
    @Row("D7")
    void d7AndOverHttp2() {
        for (int i = 0; i < 3; i++) {
            try (WebSocketClient client = WebSocketClient.builder().http2().insecure().build()) {
                CompletionStage<?> refused = client.open(URI.create("wss://127.0.0.1:" + server.port() + "/echo"), new Listener() { });
                assertThatThrownBy(() -> refused.toCompletableFuture().get(20, TimeUnit.SECONDS))
                        .cause().isInstanceOfSatisfying(ConnectFailedException.class, e -> assertThat(e.status()).as(e.getMessage()).hasValue(503));
            }
        }
    }

    @Test
    @Load
    @Row("D7")
    void d7WhoWillNotBeToldIsCutOffAndTheNextAreTold() throws Exception {
        List<RawSocket> silent = new ArrayList<>();
        for (int i = 0; i < TOLD; i++) {
            silent.add(new RawSocket(server.port()));
        }
        try (RawSocket one = new RawSocket(server.port())) {
            assertThat(one.socket().getInputStream().read()).as("one too many, before any TLS").isEqualTo(-1);
        }
        for (RawSocket raw : silent) {
            raw.close();
        }
        try (RawSocket told = toldAtLast()) {
            assertThat(told.say(RawSocket.opening("/echo", "")).head()).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    @Row("B13")
    void b13AFinWithinTheHandshakeOfTlsIsTheEnd() throws Exception {
        long before = server.heldBytes();
        for (String hello : List.of("", "16", "16 03 01 00 f0 01 00 00 ec")) {
            new RawSocket(server.port()).sayHex(hello).close();
        }
        for (int i = 0; i < 400 && server.heldBytes() > before; i++) {
            Thread.sleep(50);
        }
        assertThat(server.heldBytes()).isEqualTo(before);
    }

    /** That others have gone the server learns in its own time. */
    private RawSocket toldAtLast() throws Exception {
        for (int i = 0; i < 200; i++) {
            try {
                return overTls();
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        return overTls();
    }

    private RawSocket openWhenThereIsRoom() throws Exception {
        for (int i = 0; i < 200; i++) {
            RawSocket raw = toldAtLast();
            if (raw.say(RawSocket.opening("/echo", "")).head().startsWith("HTTP/1.1 101 ")) {
                return raw;
            }
            raw.close();
            Thread.sleep(50);
        }
        return overTls().open("/echo");
    }
}
