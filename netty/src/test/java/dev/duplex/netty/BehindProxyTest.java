package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose clients come, or say that they come, through proxies. */
@Timeout(180)
class BehindProxyTest {
    private static final String LINE = "PROXY TCP4 192.0.2.60 198.51.100.1 4711 443\r\n";

    private final BlockingQueue<Opening> openings = new LinkedBlockingQueue<>();
    private WebSocketServer server;

    private void serve(UnaryOperator<ServerBuilder> settings) {
        server = settings.apply(WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", opening -> {
            openings.add(opening);
            return Endpoint.conversation(c -> c.forEach(c::send)).open(opening);
        })).http("/who", query -> HttpAnswer.text(200, query.remoteAddress() + "\n")).start();
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(2));
    }

    private Opening opening() throws InterruptedException {
        return openings.poll(20, TimeUnit.SECONDS);
    }

    private String ask(String text) throws Exception {
        try (RawSocket raw = new RawSocket(server.port())) {
            return raw.say(text).restText();
        }
    }

    private String status(String more) throws Exception {
        return statusOf(RawSocket.opening("/echo", more));
    }

    private String statusOf(String text) throws Exception {
        try (RawSocket raw = new RawSocket(server.port())) {
            return raw.say(text).head().substring(9, 12);
        }
    }

    @Test
    void anEndpointSeesTheClientBehindTrustedProxies() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.0/8", "10.0.0.0/8"));
        assertThat(status("X-Forwarded-For: 6.6.6.6, 192.0.2.60, 10.0.0.7\r\nX-Forwarded-Proto: https\r\n")).isEqualTo("101");
        Opening opening = opening();
        assertThat(opening.remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 0));
        assertThat(opening.isSecure()).isTrue();
        assertThat(status("Forwarded: for=\"[2001:db8::9]:4711\"\r\n")).isEqualTo("101");
        assertThat(opening().remoteAddress()).isEqualTo(new InetSocketAddress("2001:db8::9", 4711));
        assertThat(status("Forwarded: for=\"192.0.2.60\r\n")).isEqualTo("400");
        assertThat(ask("GET /who HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.61\r\n\r\n")).endsWith("/192.0.2.61:0\n");
    }

    @Test
    void anEndpointSeesTheConnectionItselfWhereNobodyIsTrusted() throws Exception {
        serve(builder -> builder.trustedProxies("10.0.0.0/8"));
        assertThat(status("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=7.7.7.7;proto=https\r\n")).isEqualTo("101");
        Opening opening = opening();
        assertThat(((InetSocketAddress) opening.remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
        assertThat(opening.isSecure()).isFalse();
    }

    @Test
    void aPageIsOfTheSameOriginAsTheClientSawIt() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1"));
        String page = "Origin: https://localhost\r\n";
        assertThat(status(page)).as("this server speaks no TLS, and nobody says that a proxy does").isEqualTo("403");
        assertThat(status(page + "X-Forwarded-Proto: https\r\n")).isEqualTo("101");
        assertThat(status(page + "Forwarded: proto=https;for=192.0.2.60\r\n")).isEqualTo("101");
        assertThat(status("Origin: http://localhost\r\nX-Forwarded-Proto: https\r\n")).as("an attacker on the way made that page").isEqualTo("403");
        String renamed = "Origin: https://a.example:8443\r\nX-Forwarded-Proto: https\r\n";
        assertThat(status(renamed)).isEqualTo("403");
        assertThat(status(renamed + "X-Forwarded-Host: a.example:8443\r\n")).isEqualTo("101");
        assertThat(status(renamed + "X-Forwarded-Host: b.example\r\n")).isEqualTo("403");
    }

    @Test
    void aStrangersHeadersChangeNoOrigin() throws Exception {
        serve(builder -> builder.trustedProxies("10.0.0.0/8"));
        assertThat(status("Origin: https://localhost\r\nX-Forwarded-Proto: https\r\n")).isEqualTo("403");
        assertThat(status("Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n")).isEqualTo("403");
        assertThat(status("Origin: http://localhost\r\n")).isEqualTo("101");
    }

    @Test
    void theNamesOfTheServerAreThoseThatTheClientUsed() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").hosts("a.example"));
        assertThat(status("")).isEqualTo("421");
        assertThat(status("X-Forwarded-Host: A.example:8443\r\n")).isEqualTo("101");
        assertThat(status("X-Forwarded-Host: b.example\r\n")).isEqualTo("421");
    }

    @Test
    void eachClientBehindAProxyHasItsOwnLimit() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").connectionsPerAddress(2, 0));
        String first = "X-Forwarded-For: 192.0.2.1\r\n";
        try (RawSocket a = new RawSocket(server.port()); RawSocket b = new RawSocket(server.port())) {
            assertThat(a.say(RawSocket.opening("/echo", first)).head()).startsWith("HTTP/1.1 101 ");
            assertThat(b.say(RawSocket.opening("/echo", first)).head()).startsWith("HTTP/1.1 101 ");
            assertThat(ask(RawSocket.opening("/echo", first))).startsWith("HTTP/1.1 429 ");
            assertThat(ask(RawSocket.opening("/echo", "X-Forwarded-For: 7.7.7.7, 192.0.2.1\r\n"))).startsWith("HTTP/1.1 429 ");
            for (int i = 0; i < 5; i++) {
                assertThat(status("X-Forwarded-For: 192.0.2.2\r\n")).as("another client").isEqualTo("101");
                assertThat(opening()).isNotNull();
                awaitConnections(2);
            }
        }
        awaitConnections(0);
        assertThat(status(first)).isEqualTo("101");
    }

    private void awaitConnections(int count) throws InterruptedException {
        for (int i = 0; i < 2000 && server.connectionCount() > count; i++) {
            Thread.sleep(10);
        }
        assertThat(server.connectionCount()).isEqualTo(count);
    }

    @Test
    void aConnectionOfAProxyCountsForWhomItSpeaksLast() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").connectionsPerAddress(1, 0));
        String request = "GET /who HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.%d\r\n\r\n";
        try (RawSocket pooled = new RawSocket(server.port())) {
            for (int i = 1; i < 4; i++) {
                assertThat(pooled.say(request.formatted(i)).head()).startsWith("HTTP/1.1 200 ");
                pooled.hex("/192.0.2.1:0\n".length());
            }
            assertThat(status("X-Forwarded-For: 192.0.2.1\r\n")).as("no longer spoken for").isEqualTo("101");
            assertThat(ask(RawSocket.opening("/echo", "X-Forwarded-For: 192.0.2.3\r\n"))).startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void aProxyHeaderTellsTheClientOfAConnection() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol());
        assertThat(statusOf(LINE + RawSocket.opening("/echo", "X-Forwarded-For: 6.6.6.6\r\n"))).isEqualTo("101");
        assertThat(opening().remoteAddress()).as("the client is not trusted itself").isEqualTo(new InetSocketAddress("192.0.2.60", 4711));
        assertThat(statusOf("PROXY TCP4 127.0.0.1 198.51.100.1 4711 443\r\n" + RawSocket.opening("/echo", "X-Forwarded-For: 192.0.2.7\r\n"))).isEqualTo("101");
        assertThat(opening().remoteAddress()).as("a second proxy behind the first").isEqualTo(new InetSocketAddress("192.0.2.7", 0));
        String secure = "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0014" + "\u00c0\0\u0002\u003c\u00c6\u0033\u0064\u0001\u0012\u0067\u0001\u00bb" + "\u0020\0\u0005\u0001\0\0\0\0";
        assertThat(statusOf(secure + RawSocket.opening("/echo", "Origin: https://localhost\r\n"))).isEqualTo("101");
        Opening opening = opening();
        assertThat(opening.remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 4711));
        assertThat(opening.isSecure()).isTrue();
        assertThat(statusOf("PROXY UNKNOWN\r\n" + RawSocket.opening("/echo", ""))).isEqualTo("101");
        assertThat(((InetSocketAddress) opening().remoteAddress()).getHostString()).isEqualTo("127.0.0.1");
    }

    @Test
    void aProxyHeaderComesByteByByteToo() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol());
        try (RawSocket raw = new RawSocket(server.port())) {
            for (char c : (LINE + RawSocket.opening("/echo", "")).toCharArray()) {
                raw.say(String.valueOf(c));
            }
            assertThat(raw.head()).startsWith("HTTP/1.1 101 ");
            assertThat(opening().remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 4711));
        }
    }

    @Test
    void aProxyHeaderThatIsMissingHalfOrWrongEndsTheConnection() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol().handshakeDeadline(Duration.ofSeconds(1)));
        assertThat(ask(RawSocket.opening("/echo", "")).replace("RST", "")).isEmpty();
        assertThat(ask("PROXY TCP9 a b c d\r\n" + RawSocket.opening("/echo", "")).replace("RST", "")).isEmpty();
        assertThat(ask("PROXY TCP4 192.0.2")).as("closed at the deadline").isEmpty();
        assertThat(ask("")).as("closed at the deadline").isEmpty();
        assertThat(openings).isEmpty();
    }

    @Test
    void aProxyHeaderOfAStrangerIsNoRequest() throws Exception {
        serve(builder -> builder.trustedProxies("10.0.0.0/8").proxyProtocol());
        assertThat(statusOf(LINE + RawSocket.opening("/echo", ""))).isEqualTo("400");
        assertThat(statusOf("\r\n\r\n\0\r\nQUIT\n")).isEqualTo("400");
        assertThat(status("")).as("whoever comes without a proxy is served").isEqualTo("101");
        server.close(Duration.ofSeconds(2));
        serve(builder -> builder.trustedProxies("127.0.0.1"));
        assertThat(statusOf(LINE + RawSocket.opening("/echo", ""))).as("trusted, but not expected").isEqualTo("400");
    }

    @Test
    void whoeverAProxyHeaderNamesHasALimit() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol().connectionsPerAddress(1, 0));
        try (RawSocket one = new RawSocket(server.port())) {
            assertThat(one.say(LINE + RawSocket.opening("/echo", "")).head()).startsWith("HTTP/1.1 101 ");
            assertThat(ask(LINE + RawSocket.opening("/echo", ""))).startsWith("HTTP/1.1 429 ");
            assertThat(statusOf(LINE.replace(".60", ".61") + RawSocket.opening("/echo", ""))).isEqualTo("101");
        }
    }

    @Test
    void aProxyHeaderComesBeforeTls() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol().tls(Tls.selfSigned()));
        try (RawSocket raw = new RawSocket(server.port())) {
            raw.say(LINE);
            var trusting = SslContextBuilder.forClient().sslProvider(SslProvider.JDK)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE).build();
            var factory = ((JdkSslContext) trusting).context().getSocketFactory();
            try (var tls = factory.createSocket(raw.socket(), "localhost", server.port(), true)) {
                tls.getOutputStream().write(RawSocket.opening("/echo", "").getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(tls.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
            }
        }
        Opening opening = opening();
        assertThat(opening.remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 4711));
        assertThat(opening.isSecure()).isTrue();
    }

    @Test
    void aProxyMayComeOverAUnixDomainSocket(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("s");
        serve(builder -> builder.unix(path.toString()).trustedProxies("unix:"));
        try (SocketChannel proxy = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            String request = RawSocket.opening("/echo", "X-Forwarded-For: 192.0.2.60\r\nX-Forwarded-Proto: https\r\nOrigin: https://localhost\r\n");
            proxy.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            Opening opening = opening();
            assertThat(opening.remoteAddress()).isEqualTo(new InetSocketAddress("192.0.2.60", 0));
            assertThat(opening.isSecure()).isTrue();
        }
    }

    @Test
    void aServerThatEndsWaitsForNoProxyHeader() throws Exception {
        serve(builder -> builder.trustedProxies("127.0.0.1").proxyProtocol());
        try (RawSocket silent = new RawSocket(server.port()).say("PROXY ")) {
            server.close(Duration.ofSeconds(30));
            assertThat(server.isTerminated()).isTrue();
            silent.rest();
        }
    }

    @Test
    void withoutTrustedProxiesNobodyMaySpeakTheProxyProtocol() {
        serve(builder -> builder);
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketServer.builder().port(0).proxyProtocol().start())
                .withMessage("the PROXY protocol is spoken by trusted proxies alone, and none is named");
    }
}
