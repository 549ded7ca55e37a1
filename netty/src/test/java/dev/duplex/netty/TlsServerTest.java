package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server shows, whom it lets in, and what it remembers; run once over BoringSSL and once over the JDK's engine. */
@Tag("slow")
@Timeout(300)
class TlsServerTest {
    @TempDir
    static Path directory;

    private static Keys first;
    private static Keys second;
    private static Keys client;
    private static Keys stranger;

    private final BlockingQueue<Opening> openings = new LinkedBlockingQueue<>();
    private final AtomicInteger fullHandshakes = new AtomicInteger();
    private WebSocketServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        first = Keys.make(directory, "first", "EC", "dns:a.example,dns:localhost");
        second = Keys.make(directory, "second", "RSA", "dns:*.b.example");
        client = Keys.make(directory, "client", "EC", "dns:client");
        stranger = Keys.make(directory, "stranger", "EC", "dns:stranger");
    }

    private void serve(Tls tls) {
        server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(tls).endpoint("/echo", opening -> {
            openings.add(opening);
            return Endpoint.conversation(c -> c.forEach(c::send)).open(opening);
        }).start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close(Duration.ofSeconds(2));
        }
    }

    /** Trusts everyone, and counts the handshakes in which the server had to prove who it is. */
    private SSLContext context(String version, KeyManager... shown) throws Exception {
        SSLContext context = SSLContext.getInstance(version);
        context.init(shown, new TrustManager[] {new X509ExtendedTrustManager() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
                fullHandshakes.incrementAndGet();
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context;
    }

    private SSLSocket connect(SSLContext context, String name) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        if (!name.isEmpty()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    /** Opens a WebSocket and tells the name in the certificate that the server has shown. */
    private String opened(SSLContext context, String name) throws IOException {
        try (SSLSocket socket = connect(context, name)) {
            socket.getOutputStream().write(RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private void assertTurnedAway(SSLContext context) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
            try (SSLSocket socket = connect(context, "")) {
                socket.getOutputStream().write(RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("closed");
                }
            }
        });
        assertThat(openings).isEmpty();
    }

    private Opening opening() throws InterruptedException {
        return openings.poll(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientSeesTheCertificateForTheNameThatItAsksFor(String version) throws Exception {
        serve(first.pem().and(second.pkcs12()));
        assertThat(opened(context(version), "a.example")).isEqualTo("CN=first");
        assertThat(opened(context(version), "X.b.example")).isEqualTo("CN=second");
        assertThat(opened(context(version), "b.example")).as("the star is one label").isEqualTo("CN=first");
        assertThat(opened(context(version), "x.y.b.example")).isEqualTo("CN=first");
        assertThat(opened(context(version), "")).as("without a name, the first").isEqualTo("CN=first");
        assertThat(opening().peerCertificate()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatRequiresCertificatesKnowsItsClients(String version) throws Exception {
        serve(first.pem().requireClients(client.certificate()));
        opened(context(version, client.managers()), "");
        assertThat(opening().peerCertificate().orElseThrow().getSubjectX500Principal().getName()).isEqualTo("CN=client");
        assertTurnedAway(context(version));
        assertTurnedAway(context(version, stranger.managers()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatAsksForCertificatesLetsInWhoHasNone(String version) throws Exception {
        serve(first.pem().askClients(client.certificate()));
        opened(context(version), "");
        assertThat(opening().peerCertificate()).isEmpty();
        opened(context(version, client.managers()), "");
        assertThat(opening().peerCertificate().orElseThrow().getSubjectX500Principal().getName()).isEqualTo("CN=client");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(context(version, selfMade())));
    }

    /** A stranger's certificate, shown even though the server has named others whom it trusts. */
    private static KeyManager[] selfMade() {
        return new NamedKeys(List.of(KeyFile.pem(stranger.certificate(), stranger.key()))).factory().getKeyManagers();
    }

    private void read(SSLContext context) throws IOException {
        try (SSLSocket socket = connect(context, "")) {
            socket.getOutputStream().write(RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whoComesAgainResumesItsSessionAndIsStillKnown(String version) throws Exception {
        serve(first.pem().requireClients(client.certificate()));
        SSLContext context = context(version, client.managers());
        for (int i = 0; i < 3; i++) {
            opened(context, "a.example");
            assertThat(opening().peerCertificate().orElseThrow().getSubjectX500Principal().getName()).isEqualTo("CN=client");
        }
        assertThat(fullHandshakes).as("certificates are shown once").hasValue(1);
    }

    @Test
    void whatKeepsNoSecretsForLaterIsNotSpoken() throws Exception {
        serve(second.pem());
        SSLContext context = context("TLSv1.2");
        for (String cipher : List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")) {
            try (SSLSocket socket = connect(context, "")) {
                socket.setEnabledCipherSuites(new String[] {cipher});
                assertThatExceptionOfType(IOException.class).as(cipher).isThrownBy(socket::startHandshake);
            } catch (IllegalArgumentException notEvenKnownToTheJdk) {
                assertThat(notEvenKnownToTheJdk).hasMessageContaining(cipher);
            }
        }
        assertThat(opened(context, "")).isEqualTo("CN=second");
    }

    @Test
    void aReloadChangesWhatNewcomersSeeAndEndsNobody() throws Exception {
        Path certificate = Files.copy(first.certificate(), directory.resolve("live.pem"));
        Path key = Files.copy(first.key(), directory.resolve("live.key"));
        serve(Tls.pem(certificate, key));
        try (WebSocketClient before = WebSocketClient.builder().trust(first.certificate()).build();
                Conversation echo = before.converse(URI.create("wss://localhost:" + server.port() + "/echo"))) {
            SSLContext context = context("TLSv1.3");
            assertThat(opened(context, "")).isEqualTo("CN=first");
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            assertThatExceptionOfType(StartException.class).isThrownBy(server::reloadTls).withMessageContaining("the key belongs to another certificate");
            assertThat(opened(context("TLSv1.3"), "")).as("all stays as it was").isEqualTo("CN=first");
            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            server.reloadTls();
            assertThat(opened(context("TLSv1.3"), "")).isEqualTo("CN=second");
            assertThat(opened(context, "")).as("nor does a session outlive the certificate that it began with").isEqualTo("CN=second");
            echo.send("still here");
            assertThat(echo.receive(Duration.ofSeconds(20))).isEqualTo(Message.text("still here"));
        }
    }

    @Test
    void filesThatChangeAreReadAgainByThemselves() throws Exception {
        Path certificate = Files.copy(first.certificate(), directory.resolve("watched.pem"));
        Path key = Files.copy(first.key(), directory.resolve("watched.key"));
        serve(Tls.pem(certificate, key));
        assertThat(opened(context("TLSv1.3"), "")).isEqualTo("CN=first");
        Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        for (int i = 0; i < 300 && !opened(context("TLSv1.3"), "").equals("CN=second"); i++) {
            Thread.sleep(100);
        }
        assertThat(opened(context("TLSv1.3"), "")).isEqualTo("CN=second");
    }

    private void assertRefused(Tls tls, String... words) {
        assertThatExceptionOfType(StartException.class).isThrownBy(() -> serve(tls)).satisfies(e -> assertThat(e.getMessage()).contains(words).hasLineCount(1));
    }

    @Test
    void whatIsWrongWithAFileIsSaidInOneLine() throws Exception {
        Path missing = directory.resolve("missing");
        Path nonsense = Files.writeString(directory.resolve("nonsense"), "nonsense\n");
        Path encrypted = Files.writeString(directory.resolve("encrypted"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Path broken = Files.writeString(directory.resolve("broken"), "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
        assertRefused(Tls.pem(missing, first.key()), "missing cannot be read");
        assertRefused(Tls.pem(first.certificate(), missing), "missing cannot be read");
        assertRefused(Tls.pem(nonsense, first.key()), "nonsense");
        assertRefused(Tls.pem(first.certificate(), nonsense), "nonsense has no private key");
        assertRefused(Tls.pem(first.certificate(), encrypted), "encrypted cannot be used", "PKCS#8");
        assertRefused(Tls.pem(first.certificate(), broken), "broken cannot be used");
        assertRefused(Tls.pem(first.certificate(), second.key()), "the key belongs to another certificate");
        assertRefused(Tls.pem(first.certificate(), stranger.key()), "the key belongs to another certificate");
        assertRefused(Tls.pkcs12(first.store(), nonsense), "the password in ", "nonsense is wrong");
        assertRefused(Tls.pkcs12(first.store(), missing), "missing cannot be read");
        assertRefused(Tls.pkcs12(nonsense, first.passwordFile()), "nonsense cannot be used");
        assertRefused(first.pem().and(Tls.pem(missing, missing)), "missing cannot be read");
        assertRefused(first.pem().requireClients(nonsense), "nonsense");
    }
}
