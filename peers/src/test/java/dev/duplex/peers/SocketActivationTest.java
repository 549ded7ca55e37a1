package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Conversation;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.WebSocketClient;
import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is started with a socket that listens already, as systemd starts one. */
@Timeout(180)
class SocketActivationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    /** What systemd does: listen, and become the service with the socket as descriptor 3, of either kind. */
    private static final String LAUNCHER = """
            import os, socket, sys
            where, blocking = sys.argv[1:3]
            s = socket.socket(socket.AF_UNIX if where != 'tcp' else socket.AF_INET)
            s.bind(where if where != 'tcp' else ('127.0.0.1', 0))
            s.listen(16)
            s.setblocking(blocking == 'blocking')
            print(s.getsockname()[1] if where == 'tcp' else where, flush=True)
            if s.fileno() != 3:
                os.dup2(s.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
            os.execvp(sys.argv[3], sys.argv[3:])
            """;

    private static Process start(String where, String blocking) throws Exception {
        List<String> command = List.of(Programs.named("python3").toString(), "-c", LAUNCHER, where, blocking,
                ProcessHandle.current().info().command().orElse("java"), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main", "serve");
        return new ProcessBuilder(command).redirectError(Programs.log("activation")).start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "nonblocking"})
    void whoCameBeforeTheServerIsServed(String blocking) throws Exception {
        Process server = start("tcp", blocking);
        try (BufferedReader out = server.inputReader()) {
            int port = Integer.parseInt(out.readLine());
            mustEcho(WebSocketClient.builder(), "ws://127.0.0.1:" + port + "/echo");
            assertThat(out.readLine()).isEqualTo("http://127.0.0.1:" + port + "/");
            for (int i = 0; i < 3; i++) {
                mustEcho(WebSocketClient.builder(), "ws://127.0.0.1:" + port + "/echo");
            }
        } finally {
            Programs.end(server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "blocking")
    void aUnixSocketIsPassedOnToo(String blocking) throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "duplex");
        Process server = start(directory.resolve("s").toString(), blocking);
        try (BufferedReader out = server.inputReader()) {
            String path = out.readLine();
            mustEcho(WebSocketClient.builder().unix(path), "ws://localhost/echo");
            mustEcho(WebSocketClient.builder().unix(path), "ws://localhost/echo");
            assertThat(out.readLine()).startsWith("unix:");
        } finally {
            Programs.end(server);
            Files.deleteIfExists(directory.resolve("s"));
            Files.delete(directory);
        }
    }

    private static void mustEcho(ClientBuilder builder, String uri) throws Exception {
        try (WebSocketClient client = builder.handshakeDeadline(PATIENCE).build(); Conversation conversation = client.converse(URI.create(uri))) {
            conversation.send("hello");
            assertThat(conversation.receive(PATIENCE).text()).isEqualTo("hello");
        }
    }
}
