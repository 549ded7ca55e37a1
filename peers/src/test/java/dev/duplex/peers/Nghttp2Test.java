package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.HttpAnswer;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.Tls;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** nghttp2's tools: its clients fetch pages from our server, and its proxy carries WebSockets to it. */
@Timeout(120)
@Tag("slow")
class Nghttp2Test {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final BlockingQueue<Opening> openings = new LinkedBlockingQueue<>();

    private ServerBuilder builder() {
        return WebSocketServer.builder().host("127.0.0.1").port(0).http("/page", query -> HttpAnswer.text(200, "a page"))
                .trustedProxies("127.0.0.1").endpoint("/echo", opening -> {
                    openings.add(opening);
                    return new Listener() {
                        @Override
                        public void onMessage(Connection connection, Message message) {
                            connection.send(message);
                        }

                        @Override
                        public Overflow overflow() {
                            return Overflow.PAUSE;
                        }
                    };
                });
    }

    /** What a program says on its way to success. */
    private static String said(String name, String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(Programs.named(command[0]).toString()));
        whole.addAll(List.of(command).subList(1, command.length));
        Programs.mustRun(new ProcessBuilder(whole), name);
        return Files.readString(Programs.log(name).toPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void nghttpFetchesAPage(String scheme) throws IOException {
        try (WebSocketServer server = (scheme.equals("https") ? builder().tls(Tls.selfSigned()) : builder()).start()) {
            String said = said("nghttp-" + scheme, "nghttp", "--verbose", "--no-verify-peer", "--timeout=60", scheme + "://127.0.0.1:" + server.port() + "/page");
            assertThat(said).contains(":status: 200").contains("a page").contains("SETTINGS_ENABLE_CONNECT_PROTOCOL(0x08):1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void h2loadLoadsThousandsOfPagesOverManyStreams(String scheme) throws IOException {
        try (WebSocketServer server = (scheme.equals("https") ? builder().tls(Tls.selfSigned()) : builder()).start()) {
            String said = said("h2load-" + scheme, "h2load", "--requests=3000", "--clients=4", "--max-concurrent-streams=50",
                    scheme + "://127.0.0.1:" + server.port() + "/page");
            assertThat(said).contains("3000 done, 3000 succeeded, 0 failed, 0 errored, 0 timeout").contains("status codes: 3000 2xx");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, ''", "HTTP_2, ;;proto=h2"})
    void aWebSocketOverHttp2ComesThroughNghttpxOverEither(Carrier behind, String more) throws Exception {
        try (WebSocketServer server = builder().start(); Front front = Front.nghttpx(server.port(), more);
                WebSocketClient client = client(front).http2().build();
                Conversation one = client.converse(URI.create(front.url("/echo"))); Conversation other = client.converse(URI.create(front.url("/echo")))) {
            for (Conversation echo : List.of(one, other)) {
                assertEchoes(echo, "é".repeat(400_000));
                assertThat(echo.opening().carrier()).isEqualTo(Carrier.HTTP_2);
                assertComesFromTheClient(behind);
            }
        }
    }

    @Test
    void aWebSocketOverHttp11ComesThroughNghttpx() throws Exception {
        try (WebSocketServer server = builder().start(); Front front = Front.nghttpx(server.port(), "");
                WebSocketClient client = client(front).build(); Conversation echo = client.converse(URI.create(front.url("/echo")))) {
            assertEchoes(echo, "é".repeat(400_000));
            assertComesFromTheClient(Carrier.HTTP_1_1);
        }
    }

    @Test
    void aReloadKeepsWhatIsConnectedAndServesWhoComes() throws Exception {
        try (WebSocketServer server = builder().start(); Front front = Front.nghttpx(server.port(), ""); WebSocketClient client = client(front).http2().build();
                WebSocketClient newcomer = client(front).http2().build(); Conversation before = client.converse(URI.create(front.url("/echo")))) {
            assertEchoes(before, "before");
            front.reload();
            try (Conversation after = newcomer.converse(URI.create(front.url("/echo")))) {
                assertEchoes(after, "a newcomer");
                assertEchoes(before, "still here");
            }
        }
    }

    /** It passes this header on, and so the two kinds contradict each other. */
    @Test
    void whoMakesUpAHostIsRefused() throws Exception {
        try (WebSocketServer server = builder().start(); Front front = Front.nghttpx(server.port(), "");
                WebSocketClient liar = client(front).header("X-Forwarded-Host", "evil.example").build()) {
            assertThatThrownBy(() -> liar.converse(URI.create(front.url("/echo")))).isInstanceOf(ConnectFailedException.class).hasMessageContaining("400");
        }
    }

    @Test
    void thePageShowsThisVeryFile() throws IOException {
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/behind-a-proxy.md"));
        assertThat(page).contains("\n```\n" + Files.readString(Programs.resource("proxies/nghttpx.conf")) + "```\n");
    }

    /** A client that says that it is another. */
    private static ClientBuilder client(Front front) {
        return WebSocketClient.builder().trust(front.certificate()).origin(front.origin())
                .header("X-Forwarded-For", "6.6.6.6").header("Forwarded", "for=6.6.6.6;host=evil.example;proto=http");
    }

    private static void assertEchoes(Conversation conversation, String text) throws Exception {
        conversation.send(text);
        assertThat(conversation.receive(SOON)).isEqualTo(Message.text(text));
    }

    private void assertComesFromTheClient(Carrier behind) throws InterruptedException {
        Opening opening = openings.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(opening.carrier()).isEqualTo(behind);
        assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
        assertThat(opening.isSecure()).as("told by the proxy, which itself comes without TLS").isTrue();
    }
}
