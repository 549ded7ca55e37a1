package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.signalling.TurnCredential;
import dev.duplex.signalling.TurnSecret;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** Our credentials, as coturn judges them. */
@Timeout(120)
class TurnServerTest {
    private static final String SECRET = "north wind and sun";

    @TempDir
    private static Path directory;

    private static Process coturn;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        String program = Programs.named("turnserver").toString();
        port = freePort();
        coturn = new ProcessBuilder(program, "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--listening-port=" + port,
                "--realm=duplex", "--use-auth-secret", "--static-auth-secret=" + SECRET, "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout",
                "--pidfile=" + directory.resolve("pid"), "--userdb=" + directory.resolve("users"))
                .redirectErrorStream(true).redirectOutput(Programs.log("coturn")).start();
        TurnRequest.awaitServer(port);
    }

    @AfterAll
    static void end() {
        if (coturn != null) {
            Programs.end(coturn);
        }
    }

    @Test
    void aFreshCredentialIsAccepted() throws Exception {
        assertThat(TurnRequest.allocate(port, credential(Duration.ofMinutes(1)))).isEqualTo(TurnRequest.ALLOCATED);
    }

    @Test
    void anExpiredCredentialIsRefused() throws Exception {
        assertThat(TurnRequest.allocate(port, credential(Duration.ofMinutes(-1)))).isEqualTo(401);
    }

    @Test
    void aLifetimeThatWasMadeLongerByHandIsRefused() throws Exception {
        TurnCredential honest = credential(Duration.ofMinutes(-1));
        TurnCredential forged = new TurnCredential(Instant.now().plusSeconds(60).getEpochSecond() + ":ada", honest.password());
        assertThat(TurnRequest.allocate(port, forged)).isEqualTo(401);
    }

    @Test
    void aCredentialByAnotherSecretIsRefused() throws Exception {
        assertThat(TurnRequest.allocate(port, TurnSecret.of("south").credential("ada", Instant.now().plusSeconds(60)))).isEqualTo(401);
    }

    /** From the command line to the relay. */
    @Test
    void whatServeHandsOutIsAccepted() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Process serve = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "dev.duplex.cli.Main", "serve", "--port", "0", "--turn", "turn:127.0.0.1:" + port,
                "--turn-secret-file", secret.toString()).redirectError(Programs.log("turn-serve")).start();
        try {
            String address = serve.inputReader(StandardCharsets.UTF_8).readLine();
            try (Conversation ada = WebSocketClient.connect(address.replace("http", "ws") + "signal/tea")) {
                ada.send("{\"type\":\"join\",\"name\":\"Ada\"}");
                Map<?, ?> server = (Map<?, ?>) ((List<?>) JSON.std.mapFrom(ada.receive(Duration.ofSeconds(20)).text()).get("iceServers")).getFirst();
                TurnCredential handedOut = new TurnCredential((String) server.get("username"), (String) server.get("credential"));
                assertThat(TurnRequest.allocate(port, handedOut)).isEqualTo(TurnRequest.ALLOCATED);
            }
        } finally {
            Programs.end(serve);
        }
    }

    private static TurnCredential credential(Duration fromNow) {
        return TurnSecret.of(SECRET).credential("ada", Instant.now().plus(fromNow));
    }

    private static int freePort() throws Exception {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
