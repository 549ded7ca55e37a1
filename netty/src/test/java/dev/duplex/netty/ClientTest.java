package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.api.Rejection;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client against servers of every temper. */
class ClientTest {

    /** A server that reads one request and answers what it is told; the request is kept. */
    private static final class Stub implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();

        Stub(String... answers) throws IOException {
            Thread.ofVirtual().start(() -> {
                for (String answer : answers) {
                    answer(answer);
                }
            });
        }

        private void answer(String answer) {
            try (Socket socket = listening.accept()) {
                StringBuilder request = new StringBuilder();
                InputStream in = socket.getInputStream();
                while (!request.toString().endsWith("\r\n\r\n")) {
                    request.append((char) in.read());
                }
                requests.add(request.toString());
                String key = request.toString().replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
                socket.getOutputStream().write(answer.replace("ACCEPT", accept(key)).getBytes(StandardCharsets.ISO_8859_1));
                in.read(); // the client's first word is its Close: it is not kept waiting for an answer
            } catch (IOException ended) {
                return;
            }
        }

        private static String accept(String key) {
            try {
                byte[] hash = java.security.MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(hash);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        URI uri() {
            return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/a?b");
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static final String RIGHT =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n";

    private static ConnectFailedException failure(WebSocketClient client, URI uri) {
        try (client; Conversation unexpected = client.converse(uri)) {
            throw new AssertionError("connected to " + unexpected.opening());
        } catch (ConnectFailedException expected) {
            assertThat(expected.getMessage()).doesNotContain("\n").doesNotContain("Exception");
            return expected;
        }
    }

    private static ConnectFailedException failure(URI uri) {
        return failure(WebSocketClient.builder().build(), uri);
    }

    @Test
    void framesInTheSegmentOfTheAnswerAreDelivered() throws Exception {
        try (Stub stub = new Stub(RIGHT + "\r\n\u0081\u0002hi"); Conversation c = WebSocketClient.connect(stub.uri())) {
            assertThat(c.receive(Duration.ofSeconds(10)).text()).isEqualTo("hi");
        }
    }

    @Test
    void theRequestCarriesWhatWasAskedFor() throws Exception {
        try (Stub stub = new Stub(RIGHT + "Sec-WebSocket-Protocol: two\r\n\r\n");
                WebSocketClient client = WebSocketClient.builder().header("X-A", "b").origin("https://page.example")
                        .subprotocols("one", "two").build();
                Conversation c = client.converse(stub.uri())) {
            assertThat(stub.requests.poll(10, TimeUnit.SECONDS)).startsWith("GET /a?b HTTP/1.1\r\n").contains("\r\nX-A: b\r\n")
                    .contains("\r\nOrigin: https://page.example\r\n").contains("\r\nSec-WebSocket-Protocol: one, two\r\n");
            assertThat(c.opening().subprotocol()).contains("two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
        "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
        RIGHT + "Sec-WebSocket-Protocol: never-offered\r\n\r\n",
        RIGHT + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 101 x\n\n",
        "",
    })
    void aWrongAnswerFailsTheConnection(String answer) throws Exception {
        try (Stub stub = new Stub(answer)) {
            WebSocketClient client = WebSocketClient.builder().handshakeDeadline(Duration.ofMillis(500)).build();
            assertThat(failure(client, stub.uri()).status()).isEmpty();
        }
    }

    @Test
    void anEndlessAnswerIsCutOff() throws Exception {
        try (Stub stub = new Stub("HTTP/1.1 101 x\r\n" + ("A: " + "b".repeat(1000) + "\r\n").repeat(1000))) {
            assertThat(failure(stub.uri())).hasMessageContaining("too many headers");
        }
    }

    @Test
    void aRefusalTellsItsStatusAndSentence() {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/no", opening -> {
            throw new Rejection(403, "not you");
        }).start()) {
            ConnectFailedException failure = failure(URI.create("ws://127.0.0.1:" + server.port() + "/no"));
            assertThat(failure.status()).hasValue(403);
            assertThat(failure).hasMessageContaining("403").hasMessageContaining("not you");
        }
    }

    @Test
    void unreachableServersAreNamed() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        assertThat(failure(URI.create("ws://127.0.0.1:" + unused + "/")))
                .hasMessageContaining("127.0.0.1:" + unused).hasMessageContaining("refused");
        assertThat(failure(URI.create("ws://no.such.host.invalid/"))).hasMessage("host no.such.host.invalid is unknown");
    }

    @Test
    void aServerThatNeverAnswersFailsAtTheDeadline() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            WebSocketClient client = WebSocketClient.builder().handshakeDeadline(Duration.ofMillis(300)).build();
            assertThat(failure(client, URI.create("ws://127.0.0.1:" + mute.getLocalPort() + "/")))
                    .hasMessageContaining("did not answer within 300 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h/", "ws:h", "ws://u@h/", "ws://h/#f", "ws://h:99999/"})
    void whatIsNoWebSocketUriIsRefusedBeforeConnecting(String uri) {
        assertThatThrownBy(() -> WebSocketClient.connect(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingInjectsASecondHeader() {
        assertThatThrownBy(() -> WebSocketClient.builder().header("A", "b\r\nC: d")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketClient.builder().header("A b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketClient.builder().origin("x\ny")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void redirectsAreFollowedOnlyIfAskedAndWithoutCredentialsToStrangers() throws Exception {
        try (Stub target = new Stub(RIGHT + "\r\n");
                Stub from = new Stub("HTTP/1.1 302 Found\r\nLocation: " + target.uri() + "\r\nContent-Length: 0\r\n\r\n");
                Stub mute = new Stub("HTTP/1.1 302 Found\r\nLocation: " + target.uri() + "\r\n\r\n")) {
            assertThat(failure(mute.uri()).status()).hasValue(302);
            try (WebSocketClient client = WebSocketClient.builder().followRedirects(1)
                            .header("Authorization", "secret").header("Cookie", "secret").header("X-A", "kept").build();
                    Conversation c = client.converse(from.uri())) {
                assertThat(from.requests.take()).contains("secret");
                assertThat(target.requests.take()).doesNotContain("secret").contains("X-A: kept");
                assertThat(c.connection().isOpen()).isTrue();
            }
        }
    }

    @Test
    void redirectsInALoopEnd() throws Exception {
        String again = "HTTP/1.1 302 Found\r\nLocation: /a?b\r\n\r\n";
        try (Stub loop = new Stub(again, again, again, again)) {
            assertThat(failure(WebSocketClient.builder().followRedirects(3).build(), loop.uri()).status()).hasValue(302);
            assertThat(loop.requests).hasSize(4);
        }
    }

    @Test
    void aRedirectFromTlsToPlainTextIsNotFollowed() {
        assertThatThrownBy(() -> Redirect.resolve(URI.create("wss://h/"), "http://h/")).hasMessage("it leads from wss to ws");
        assertThat(Redirect.resolve(URI.create("ws://h/a"), "https://h/b")).isEqualTo(URI.create("wss://h/b"));
        assertThatThrownBy(() -> Redirect.resolve(URI.create("ws://h/a"), "file:///etc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedUnlessToldOtherwise(@TempDir Path directory) throws Exception {
        SelfSigned own = SelfSigned.create();
        Path certificate = Files.writeString(directory.resolve("cert.pem"), pem("CERTIFICATE", own.certificate().getEncoded()));
        Path key = Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", own.key().getEncoded()));
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.pem(certificate, key))
                .endpoint("/", Endpoint.conversation(c -> c.send("hello"))).start()) {
            URI byAddress = URI.create("wss://127.0.0.1:" + server.port() + "/");
            URI byName = URI.create("wss://localhost:" + server.port() + "/");
            assertThat(failure(byAddress)).hasMessageContaining("TLS with 127.0.0.1");
            try (WebSocketClient trusting = WebSocketClient.builder().trust(certificate).build()) {
                for (URI uri : List.of(byAddress, byName)) {
                    try (Conversation c = trusting.converse(uri)) {
                        assertThat(c.receive(Duration.ofSeconds(10)).text()).isEqualTo("hello");
                    }
                }
            }
            try (WebSocketClient careless = WebSocketClient.builder().insecure().build(); Conversation c = careless.converse(byName)) {
                assertThat(c.receive(Duration.ofSeconds(10)).text()).isEqualTo("hello");
            }
            assertThat(failure(URI.create("ws://127.0.0.1:" + server.port() + "/")).status()).isEmpty();
        }
    }

    @Test
    void aCertificateThatCannotBeReadIsSaidInOneLine() {
        assertThatThrownBy(() -> WebSocketServer.builder().port(0).tls(Tls.pem(Path.of("no.pem"), Path.of("no.key"))).start())
                .isInstanceOf(StartException.class).hasMessage("file no.pem cannot be read");
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }

    @Test
    void aLostConnectionIsOpenedAgain() throws Exception {
        LinkedBlockingQueue<Connection> serverSide = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() {
            @Override
            public void onOpen(Connection connection) {
                serverSide.add(connection);
                connection.send("welcome");
            }
        }).start(); WebSocketClient client = WebSocketClient.builder().header("X", "y").build()) {
            Reconnect rules = new Reconnect(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofSeconds(10),
                    attempt -> told.add("attempt " + attempt.number()));
            Reconnecting kept = client.keepOpen(URI.create("ws://127.0.0.1:" + server.port() + "/"), opening -> new Listener() {
                @Override
                public void onMessage(Connection connection, Message message) {
                    told.add(message.text());
                }
            }, rules);
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("welcome");
            serverSide.take().close(1001, "");
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("attempt 1");
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("welcome");
            serverSide.take().close(1000, "");
            assertThat(kept.ended().toCompletableFuture().get(10, TimeUnit.SECONDS)).hasMessageContaining("1000");
        }
    }

    @Test
    void aListenerThatThrowsBeforeItsConnectionIsOpenHasOpenedNone() throws Exception {
        List<String> watched = new CopyOnWriteArrayList<>();
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", opening -> new Listener() { }).start();
                WebSocketClient client = WebSocketClient.builder().wire(opening -> {
                    watched.add("a connection that there is not");
                    return null;
                }).build()) {
            URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
            CompletionStage<Connection> undecided = client.open(uri, opening -> new Listener() {
                @Override
                public boolean wantsParts() {
                    throw new IllegalStateException("planted");
                }
            });
            assertThat(undecided.toCompletableFuture()).failsWithin(Duration.ofSeconds(20)).withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class).withMessageContaining("planted");
            assertThat(client.open(uri, opening -> null).toCompletableFuture()).failsWithin(Duration.ofSeconds(20)).withThrowableThat()
                    .withMessageContaining("the endpoint gave no listener");
            assertThat(watched).isEmpty();
        }
    }
}
