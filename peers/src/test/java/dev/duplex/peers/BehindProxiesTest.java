package dev.duplex.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.CloseReport;
import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Listener;
import dev.duplex.api.Opening;
import dev.duplex.api.Overflow;
import dev.duplex.fallback.Fallback;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.ClientBuilder;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.ServerBuilder;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.protocol.OriginPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our server behind nginx and HAProxy, set up as docs/behind-a-proxy.md says. */
@Timeout(120)
@Tag("slow")
class BehindProxiesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final BlockingQueue<Opening> OPENINGS = new LinkedBlockingQueue<>();
    private static final List<AutoCloseable> STARTED = new ArrayList<>();
    private static Map<String, Front> fronts;

    @BeforeAll
    static void start() throws Exception {
        int server = serve(builder());
        int proxied = serve(builder().proxyProtocol());
        fronts = Map.of("nginx", started(Front.nginx(server, 60)), "haproxy", started(Front.haproxy("haproxy.cfg", server, 60)),
                "haproxy-h2", started(Front.haproxy("haproxy.cfg", server, 60, " proto h2")), "haproxy-tcp", started(Front.haproxy("haproxy-tcp.cfg", proxied, 60)));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable started : STARTED.reversed()) {
            started.close();
        }
    }

    private static Front started(Front front) {
        STARTED.add(front);
        return front;
    }

    private static ServerBuilder builder() {
        return WebSocketServer.builder().host("127.0.0.1").port(0).trustedProxies(Front.ADDRESS).carrier(new Fallback()).endpoint("/echo", opening -> {
            OPENINGS.add(opening);
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

    private static int serve(ServerBuilder builder) {
        WebSocketServer server = builder.start();
        STARTED.add(() -> server.close(Duration.ofSeconds(3)));
        return server.port();
    }

    /** Nothing but the address of the connection may be told of this client, which says that it is another. */
    private static ClientBuilder client(Front front) {
        return WebSocketClient.builder().trust(front.certificate()).origin(front.origin())
                .header("X-Forwarded-For", "6.6.6.6").header("X-Forwarded-Proto", "http").header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "for=6.6.6.6;host=evil.example");
    }

    private static void assertEchoes(Conversation conversation, String text) throws Exception {
        conversation.send(text);
        assertThat(conversation.receive(SOON)).isEqualTo(Message.text(text));
    }

    private static Opening opening() throws InterruptedException {
        return OPENINGS.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy", "haproxy-tcp"})
    void theEndpointSeesTheClientItselfAndItsScheme(String name) throws Exception {
        OPENINGS.clear();
        try (WebSocketClient client = client(fronts.get(name)).build(); Conversation echo = client.converse(URI.create(fronts.get(name).url("/echo")))) {
            assertEchoes(echo, "hello");
            Opening opening = opening();
            assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
            assertThat(opening.isSecure()).isTrue();
        }
    }

    @Test
    void aHeaderOfVersion1TellsTheClientButNotThatItSpokeTls() throws Exception {
        OPENINGS.clear();
        try (WebSocketServer server = builder().origins(OriginPolicy.any()).proxyProtocol().start(); Front front = Front.haproxyOfVersion1(server.port());
                WebSocketClient client = client(front).build(); Conversation echo = client.converse(URI.create(front.url("/echo")))) {
            assertEchoes(echo, "hello");
            Opening opening = opening();
            assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
            assertThat(opening.isSecure()).isFalse();
        }
    }

    /** Version 1 is a line that is no request, version 2 bytes that are none. */
    @Test
    void aHeaderOfAProxyThatIsNotTrustedIsNoRequest() throws Exception {
        try (WebSocketServer server = builder().trustedProxies("127.0.0.8").proxyProtocol().start();
                Front one = Front.haproxyOfVersion1(server.port()); Front two = Front.haproxy("haproxy-tcp.cfg", server.port(), 60)) {
            for (Front front : List.of(one, two)) {
                try (WebSocketClient client = client(front).build()) {
                    assertThatThrownBy(() -> client.converse(URI.create(front.url("/echo")))).isInstanceOf(ConnectFailedException.class).hasMessageContaining("400");
                }
            }
        }
    }

    @Test
    void aWebSocketOverHttp2ComesThroughHaproxyAsOneOverHttp11() throws Exception {
        OPENINGS.clear();
        Front front = fronts.get("haproxy");
        try (Script node = new Script("http2", List.of(Programs.named("node").toString(), Programs.resource("clients/http2.mjs").toString(), front.origin(), "/echo"))) {
            assertThat(node.event()).isEqualTo(Map.of("on", "settings", "connect", true));
            assertThat(node.event()).isEqualTo(Map.of("on", "response", "status", 200));
            assertThat(node.event()).as("the frame of hello, not masked").isEqualTo(Map.of("on", "frame", "hex", "810568656c6c6f"));
            Opening opening = opening();
            assertThat(opening.carrier()).isEqualTo(Carrier.HTTP_1_1);
            assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
            assertThat(opening.isSecure()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"haproxy, HTTP_1_1", "haproxy-h2, HTTP_2"})
    void ourOwnClientsStreamsComeThroughHaproxyOverEither(String name, Carrier behind) throws Exception {
        OPENINGS.clear();
        Front front = fronts.get(name);
        try (WebSocketClient client = client(front).http2().build();
                Conversation one = client.converse(URI.create(front.url("/echo"))); Conversation other = client.converse(URI.create(front.url("/echo")))) {
            for (Conversation echo : List.of(one, other)) {
                assertEchoes(echo, "é".repeat(400_000));
                assertThat(echo.opening().carrier()).isEqualTo(Carrier.HTTP_2);
                Opening opening = opening();
                assertThat(opening.carrier()).isEqualTo(behind);
                assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
                assertThat(opening.isSecure()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy", "haproxy-tcp"})
    void aReloadKeepsWhatIsConnectedAndServesWhoComes(String name) throws Exception {
        Front front = fronts.get(name);
        try (WebSocketClient client = client(front).build(); Conversation before = client.converse(URI.create(front.url("/echo")))) {
            assertEchoes(before, "before");
            front.reload();
            try (Conversation after = client.converse(URI.create(front.url("/echo")))) {
                assertEchoes(after, "a newcomer");
                assertEchoes(before, "still here");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy", "haproxy-tcp"})
    void nothingIsKeptBackNorLost(String name) throws Exception {
        Front front = fronts.get(name);
        try (WebSocketClient client = client(front).build(); LadderClient ladder = LadderClient.over(client(front).build()).rungs(Carrier.STREAMING);
                Conversation socket = client.converse(URI.create(front.url("/echo"))); Conversation stream = ladder.converse(URI.create(front.url("/echo")))) {
            for (Conversation conversation : List.of(socket, stream)) {
                assertEchoes(conversation, "a");
                assertEchoes(conversation, "é".repeat(400_000));
                assertEchoes(conversation, "z");
            }
        }
    }

    @Test
    void pingsKeepAnIdleConnectionOpenThatAProxyWouldCutOff() throws Exception {
        int seconds = 8;
        try (WebSocketServer silent = builder().pings(Duration.ZERO, Duration.ofSeconds(8)).start();
                WebSocketServer pinging = builder().pings(Duration.ofMillis(500), Duration.ofSeconds(30)).start();
                Front nginx = Front.nginx(pinging.port(), seconds); Front haproxy = Front.haproxy("haproxy.cfg", pinging.port(), seconds);
                Front cuttingNginx = Front.nginx(silent.port(), seconds); Front cuttingHaproxy = Front.haproxy("haproxy.cfg", silent.port(), seconds)) {
            List<Conversation> kept = List.of(open(nginx), open(haproxy));
            for (Conversation cut : List.of(open(cuttingNginx), open(cuttingHaproxy))) {
                CloseReason end = cut.connection().closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertThat(end.code()).as("cut off").isEqualTo(CloseReason.ABNORMAL);
                CloseReport report = cut.connection().closeReport().orElseThrow();
                assertThat(report.how()).as("%s", report).isIn(CloseReport.How.FIN, CloseReport.How.RST);
                assertThat(report.silence()).isGreaterThan(Duration.ofSeconds(seconds - 1));
            }
            for (Conversation conversation : kept) {
                assertEchoes(conversation, "still here");
                conversation.close();
            }
        }
    }

    /** Without pings of its own. */
    private static Conversation open(Front front) {
        return client(front).pings(Duration.ZERO, Duration.ofSeconds(8)).build().converse(URI.create(front.url("/echo")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx.conf", "haproxy.cfg", "haproxy-tcp.cfg"})
    void thePageShowsTheseVeryFiles(String file) throws IOException {
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/behind-a-proxy.md"));
        assertThat(page).contains("\n```\n" + Files.readString(Programs.resource("proxies/" + file)) + "```\n");
    }
}
