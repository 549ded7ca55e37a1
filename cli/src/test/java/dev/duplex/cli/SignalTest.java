package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command ends when it is told to stop, in a process of its own. */
@Timeout(60)
class SignalTest {

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aServerDrainsAndExitsWith0(String signal) throws Exception {
        Process server = start("serve", "--port", "0");
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            Conversation echo = WebSocketClient.connect(out.readLine().replaceFirst("http", "ws") + "echo");
            send(signal, server);
            assertThat(echo.connection().closed().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join().code()).isEqualTo(CloseReason.GOING_AWAY);
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
            assertThat(new String(server.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("duplex: closing 1 connection\n");
        } finally {
            server.destroyForcibly();
        }
    }

    /** One client does not answer its Close, and the body of another's POST does not come. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSecondSignalWaitsForNobody(String signal, int status) throws Exception {
        Process server = start("serve", "--port", "0");
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8); BufferedReader err = server.errorReader(StandardCharsets.UTF_8)) {
            int port = URI.create(out.readLine()).getPort();
            try (Socket deaf = new Socket("127.0.0.1", port); Socket slow = new Socket("127.0.0.1", port)) {
                say(slow, "POST /echo?duplex=open&duplex-as=long HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: 9\r\n\r\n");
                say(deaf, "GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                assertThat(deaf.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 101");
                send(signal, server);
                assertThat(err.readLine()).isEqualTo("duplex: closing 1 connection");
                send(signal, server);
                assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(server.exitValue()).isEqualTo(status);
            }
        } finally {
            server.destroyForcibly();
        }
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aClientSaysGoodbyeAndExitsWith0(String signal) throws Exception {
        try (Served served = Served.with()) {
            Process client = start("connect", served.ws("/time"));
            try (BufferedReader out = client.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine()).startsWith("20");
                send(signal, client);
                assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(client.exitValue()).isZero();
                assertThat(new String(client.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("duplex: closed: 1001 going away, closed by this end, clean\n");
            } finally {
                client.destroyForcibly();
            }
        }
    }

    @Test
    void aServerOfTlsReadsItsCertificatesAgainAndLivesOn() throws Exception {
        Process server = start("serve", "--port", "0", "--tls-self-signed");
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
                BufferedReader err = server.errorReader(StandardCharsets.UTF_8);
                WebSocketClient client = WebSocketClient.builder().insecure().build();
                Conversation echo = client.converse(URI.create(out.readLine().replaceFirst("http", "ws") + "echo"))) {
            send("HUP", server);
            assertThat(err.readLine()).isEqualTo("duplex: read the certificates again");
            echo.send("still here");
            assertThat(echo.receive(Duration.ofSeconds(20)).text()).isEqualTo("still here");
        } finally {
            server.destroyForcibly();
        }
    }

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(hearsInterrupts());
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    /** What a shell starts in the background ignores SIGINT, and so would all that these tests start: env puts that right. */
    private static List<String> hearsInterrupts() throws IOException {
        Path self = Path.of("/proc/self/status");
        if (!Files.exists(self)) {
            return List.of();
        }
        String ignored = Files.readAllLines(self).stream().filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
        boolean ignoresInterrupts = (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 1L << 1) != 0;
        return ignoresInterrupts ? List.of("env", "--default-signal=INT") : List.of();
    }

    private static void send(String signal, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor()).isZero();
    }
}
