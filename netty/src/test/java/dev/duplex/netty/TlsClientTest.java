package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.protocol.Message;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a client trusts and what it shows; run once over BoringSSL and once over the JDK's engine. */
@Tag("slow")
@Timeout(180)
class TlsClientTest {
    @TempDir
    static Path directory;

    private static Keys server;
    private static Keys client;
    private static Keys stranger;
    private static WebSocketServer open;
    private static WebSocketServer closed;

    @BeforeAll
    static void start() throws Exception {
        server = Keys.make(directory, "server", "EC", "dns:localhost");
        client = Keys.make(directory, "client", "RSA", "dns:client");
        stranger = Keys.make(directory, "stranger", "EC", "dns:localhost");
        open = serve(server.pem());
        closed = serve(server.pkcs12().requireClients(client.certificate()));
    }

    @AfterAll
    static void stop() {
        open.close(Duration.ofSeconds(2));
        closed.close(Duration.ofSeconds(2));
    }

    private static WebSocketServer serve(Tls tls) {
        return WebSocketServer.builder().host("127.0.0.1").port(0).tls(tls).endpoint("/who", Endpoint.conversation(c ->
                c.send(c.opening().peerCertificate().map(shown -> shown.getSubjectX500Principal().getName()).orElse("nobody")))).start();
    }

    private static String who(ClientBuilder settings, WebSocketServer at) throws Exception {
        try (WebSocketClient built = settings.build(); Conversation c = built.converse(URI.create("wss://localhost:" + at.port() + "/who"))) {
            Message told = c.receive(Duration.ofSeconds(20));
            return told.text();
        }
    }

    private static ClientBuilder trusting() {
        return WebSocketClient.builder().trust(server.certificate());
    }

    @Test
    void aClientTrustsWhomAPemFileOrAStoreNames() throws Exception {
        assertThat(who(trusting(), open)).isEqualTo("nobody");
        assertThat(who(WebSocketClient.builder().trust(server.store(), server.passwordFile()), open)).isEqualTo("nobody");
        assertThat(who(WebSocketClient.builder().insecure(), open)).isEqualTo("nobody");
        for (ClientBuilder doubtful : new ClientBuilder[] {WebSocketClient.builder(), WebSocketClient.builder().trust(stranger.certificate()),
            WebSocketClient.builder().trust(stranger.store(), stranger.passwordFile()), WebSocketClient.builder().certificate(client.pem())}) {
            assertThatExceptionOfType(ConnectFailedException.class).isThrownBy(() -> who(doubtful, open)).withMessageStartingWith("TLS with localhost:");
        }
    }

    @Test
    void aClientShowsItsCertificateToAServerThatAsks() throws Exception {
        assertThat(who(trusting().certificate(client.pem()), closed)).isEqualTo("CN=client");
        assertThat(who(trusting().certificate(client.pkcs12()), closed)).isEqualTo("CN=client");
        assertThat(who(WebSocketClient.builder().insecure().certificate(client.pem()), closed)).isEqualTo("CN=client");
        assertThat(who(trusting().certificate(client.pem()), open)).as("nobody has asked").isEqualTo("nobody");
    }

    @Test
    void aClientWithoutTheRightCertificateIsToldSo() {
        for (ClientBuilder wrong : new ClientBuilder[] {trusting(), trusting().certificate(stranger.pem())}) {
            assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> who(wrong, closed))
                    .satisfies(e -> assertThat(e).isInstanceOfAny(ConnectFailedException.class, CompletionException.class));
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaidBeforeAnythingIsOpened() throws Exception {
        Path missing = directory.resolve("missing");
        Path nonsense = Files.writeString(directory.resolve("nonsense"), "nonsense\n");
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketClient.builder().trust(missing).build()).withMessageContaining("missing cannot be read");
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketClient.builder().trust(nonsense).build()).withMessageContaining("nonsense");
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketClient.builder().trust(server.store(), nonsense).build())
                .withMessageContaining("the password in ").withMessageContaining("is wrong");
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketClient.builder().certificate(Tls.pem(client.certificate(), server.key())).build())
                .withMessageContaining("the key belongs to another certificate");
    }
}
