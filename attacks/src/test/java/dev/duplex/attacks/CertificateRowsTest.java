package dev.duplex.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Group F: servers that show a certificate which proves nothing, or speak an old TLS. */
class CertificateRowsTest {
    private static final String PASSWORD = "password";

    @TempDir
    static Path directory;

    @ParameterizedTest
    @Row("F2")
    @CsvSource({
        "right, dns:localhost, -1d, localhost, true",
        "stranger, dns:stranger.example, -1d, localhost, false",
        "byAddress, dns:localhost, -1d, 127.0.0.1, false",
        "wild, dns:*.example, -1d, localhost, false",
        "expired, dns:localhost, -400d, localhost, false",
        "early, dns:localhost, +10d, localhost, false",
    })
    void f2ACertificateMustBeTheHostsOwnAndOfToday(String name, String names, String start, String host, boolean isRight) throws Exception {
        Path store = keyStore(name, names, start);
        try (HostileServer server = serving(store)) {
            assertThat(connects(WebSocketClient.builder().trust(certificate(store)), host, server)).isEqualTo(isRight);
            assertThat(connects(WebSocketClient.builder(), host, server)).as("nobody trusts it").isFalse();
            assertThat(connects(WebSocketClient.builder().insecure(), host, server)).as("told not to look").isTrue();
        }
    }

    @Test
    @Row("F2")
    void f2AClientOffersNothingOlderThanTls12() throws Exception {
        LinkedBlockingQueue<String> hellos = new LinkedBlockingQueue<>();
        try (HostileServer listening = new HostileServer((client, number) -> {
            int length = Integer.parseInt(client.hex(5).substring(6), 16);
            hellos.add(client.hex(length));
            client.hex(1); // says nothing until the client gives up
        })) {
            connects(WebSocketClient.builder().insecure().handshakeDeadline(Duration.ofSeconds(1)), "localhost", listening);
            // The extension supported_versions: four bytes, TLS 1.3 and 1.2.
            assertThat(hellos.poll(10, TimeUnit.SECONDS)).contains("002b" + "0005" + "04" + "0304" + "0303");
        }
    }

    @Test
    @Row("F2")
    void f2AServerSpeaksNothingOlderThanTls12() throws Exception {
        // ClientHello of TLS 1.1 with ECDHE_ECDSA and RSA suites, answered by the alert protocol_version.
        String body = "0302" + "11".repeat(32) + "00" + "0006 c009 c013 002f" + "0100";
        String hello = "16 0301 0031 01 00002d" + body;
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned()).start();
                RawSocket old = new RawSocket(server.port())) {
            // The version of the record around it binds nobody (RFC 8446 §5.1): BoringSSL says 1.0, the JDK 1.2.
            assertThat(old.sayHex(hello).restHex()).matches("15030[13]0002" + "0246");
        }
    }

    private static boolean connects(ClientBuilder settings, String host, HostileServer server) {
        try (WebSocketClient client = settings.build(); Conversation c = client.converse(URI.create("wss://" + host + ":" + server.port() + "/"))) {
            return c.opening().isSecure();
        } catch (ConnectFailedException failed) {
            assertThat(failed).hasMessageMatching("(?s)(TLS with .* failed: .*|the certificate of .* is not valid today: .*|.* did not answer within .*)");
            return false;
        }
    }

    private static HostileServer serving(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        SSLServerSocket listening = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        // Closes at once: 1000.
        return new HostileServer(listening, (client, number) -> client.say(HostileServer.open(client.head(), "")).sayHex("88 02 03e8"));
    }

    private static Path keyStore(String name, String names, String start) throws Exception {
        Path store = directory.resolve(name + ".p12");
        keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=" + names, "-startdate", start, "-validity", "30",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD);
        return store;
    }

    private static Path certificate(Path store) throws Exception {
        Path file = Path.of(store + ".pem");
        keytool("-exportcert", "-rfc", "-alias", "a", "-keystore", store.toString(), "-storepass", PASSWORD, "-file", file.toString());
        return file;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1"));
        Collections.addAll(command, arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream said = process.getInputStream()) {
            assertThat(new String(said.readAllBytes())).doesNotContain("error");
        }
        assertThat(process.waitFor()).isZero();
    }
}
