package dev.duplex.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.cli.Main;
import dev.duplex.cli.Streams;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import dev.duplex.proxy.Proxy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client and our commands behind squid, tinyproxy, dante and microsocks. */
@Timeout(180)
class ForeignProxyTest {
    private static WebSocketServer plain;
    private static WebSocketServer secure;

    @BeforeAll
    static void serve() {
        Endpoint echo = Endpoint.conversation(conversation -> {
            for (Message message : conversation) {
                conversation.send(message);
            }
        });
        plain = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", echo).start();
        secure = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned()).endpoint("/echo", echo).start();
    }

    @AfterAll
    static void end() {
        plain.close();
        secure.close();
    }

    private static WebSocketClient through(String proxy) {
        return WebSocketClient.builder().insecure().proxy(Proxy.parse(proxy)).build();
    }

    private static void mustEcho(WebSocketClient client, String uri) throws Exception {
        try (Conversation conversation = client.converse(URI.create(uri))) {
            conversation.send("through");
            assertThat(conversation.receive(Peer.PATIENCE).text()).isEqualTo("through");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SQUID_BASIC, http", "SQUID_DIGEST, http", "TINYPROXY, http",
        "DANTE, socks5", "DANTE, socks5h", "MICROSOCKS, socks5", "MICROSOCKS, socks5h",
    })
    void anEchoComesThrough(ForeignProxy.Make make, String scheme) throws Exception {
        try (ForeignProxy proxy = ForeignProxy.start(make); WebSocketClient client = through(proxy.address(scheme))) {
            mustEcho(client, "ws://127.0.0.1:" + plain.port() + "/echo");
            mustEcho(client, "wss://127.0.0.1:" + secure.port() + "/echo");
        }
    }

    @Test
    void aNameIsTheProxysToResolve() throws Exception {
        try (ForeignProxy proxy = ForeignProxy.start(ForeignProxy.Make.SQUID_BASIC); WebSocketClient client = through(proxy.address("http"))) {
            mustEcho(client, "ws://" + ForeignProxy.KNOWN_TO_SQUID + ":" + plain.port() + "/echo");
        }
        try (ForeignProxy proxy = ForeignProxy.start(ForeignProxy.Make.MICROSOCKS)) {
            assertThat(why(proxy.address("socks5h"), "ws://nowhere.invalid/")).startsWith("the proxy 127.0.0.1:").contains("nowhere.invalid");
            assertThat(why(proxy.address("socks5"), "ws://nowhere.invalid/")).isEqualTo("host nowhere.invalid is unknown");
        }
    }

    @ParameterizedTest
    @CsvSource({"socks4", "socks4a"})
    void socks4HasNoPassword(String scheme) throws Exception {
        try (ForeignProxy proxy = ForeignProxy.start(ForeignProxy.Make.DANTE); WebSocketClient client = through(proxy.address(scheme, ""))) {
            mustEcho(client, "ws://127.0.0.1:" + plain.port() + "/echo");
            mustEcho(client, "wss://127.0.0.1:" + secure.port() + "/echo");
        }
    }

    @ParameterizedTest
    @CsvSource({"SQUID_BASIC, http, (407)", "SQUID_DIGEST, http, (407)", "TINYPROXY, http, (401)", "MICROSOCKS, socks5h, password"})
    void aWrongPasswordDoesNotPass(ForeignProxy.Make make, String scheme, String end) throws Exception {
        try (ForeignProxy proxy = ForeignProxy.start(make)) {
            assertThat(why(proxy.address(scheme, "wrong-one"), "ws://127.0.0.1:" + plain.port() + "/echo"))
                    .startsWith("the proxy 127.0.0.1:").contains("does not accept the user name and password").endsWith(end).doesNotContain("wrong-one");
            assertThat(why(proxy.address(scheme, ""), "ws://127.0.0.1:" + plain.port() + "/echo")).contains("wants a user name and password");
        }
    }

    @ParameterizedTest
    @CsvSource({"SQUID_BASIC, http, 503", "TINYPROXY, http, 500", "DANTE, socks5h, ''", "MICROSOCKS, socks5h, connection refused"})
    void aServerThatIsNotThereIsTheProxysToFind(ForeignProxy.Make make, String scheme, String reason) throws Exception {
        ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();
        try (ForeignProxy proxy = ForeignProxy.start(make)) {
            assertThat(why(proxy.address(scheme), "ws://127.0.0.1:" + gone.getLocalPort() + "/echo"))
                    .startsWith("the proxy 127.0.0.1:").contains(reason).contains("reach 127.0.0.1:" + gone.getLocalPort());
        }
    }

    private static String why(String proxy, String uri) {
        try (WebSocketClient client = through(proxy)) {
            return catchThrowableOfType(ConnectFailedException.class, () -> client.converse(URI.create(uri))).getMessage();
        }
    }

    @Test
    void theCommandsGoThroughToo() throws Exception {
        String url = "ws://127.0.0.1:" + plain.port() + "/echo";
        try (ForeignProxy squid = ForeignProxy.start(ForeignProxy.Make.SQUID_DIGEST); ForeignProxy socks = ForeignProxy.start(ForeignProxy.Make.MICROSOCKS)) {
            String http = squid.address("http");
            assertThat(duplex("connect", "--verbose", "--proxy", http, url)).startsWith("0 hello\n").contains("through the proxy http://127.0.0.1:").doesNotContain(ForeignProxy.PASSWORD);
            assertThat(duplex("bench", "--proxy", http, "--warm-up", "0s", "--duration", "3s", "--connections", "4", url)).startsWith("0 ");
            assertThat(duplex("check", "--proxy", http, "--only", "1.1.*,7.1.1", url)).startsWith("0 ");
            String socks5 = socks.address("socks5h");
            assertThat(duplex("connect", "--proxy", socks5, url)).startsWith("0 hello\n");
            assertThat(duplex("bench", "--proxy", socks5, "--warm-up", "0s", "--duration", "3s", "--connections", "4", url)).startsWith("0 ");
            assertThat(duplex("check", "--proxy", socks5, "--only", "1.1.*,7.1.1", url)).startsWith("0 ");
            String wrong = squid.address("http", "wrong-one");
            assertThat(duplex("connect", "--proxy", wrong, url)).startsWith("1 ").containsOnlyOnce("\n").contains("does not accept").doesNotContain("wrong-one");
            assertThat(duplex("bench", "--proxy", wrong, url)).startsWith("1 ").contains("does not accept").doesNotContain("wrong-one");
            assertThat(duplex("check", "--proxy", wrong, url)).startsWith("1 ").contains("does not accept").doesNotContain("wrong-one");
        }
    }

    @Test
    void theEnvironmentNamesAProxy() throws Exception {
        String url = "ws://0.0.0.0:" + plain.port() + "/echo";
        try (ForeignProxy proxy = ForeignProxy.start(ForeignProxy.Make.TINYPROXY)) {
            String said = connectIn("http_proxy", proxy.address("http"), url);
            for (int i = 0; i < 5 && said.contains("did not answer within 10000 ms"); i++) { // a program that starts on a busy machine may need them itself
                said = connectIn("http_proxy", proxy.address("http"), url);
            }
            assertThat(said).contains("through the proxy http://127.0.0.1:").contains("hello\n");
        }
    }

    private static String connectIn(String variable, String value, String url) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.duplex.cli.Main", "connect", "--verbose", url);
        builder.environment().keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy")); // this machine may have its own
        builder.environment().put(variable, value);
        Process process = builder.redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write("hello\n".getBytes(UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Runs a command with one line of input. @return status, output and complaints */
    private static String duplex(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(Streams.of(new ByteArrayInputStream("hello\n".getBytes(UTF_8)), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)), args);
        return status + " " + out.toString(UTF_8) + err.toString(UTF_8);
    }
}
