package dev.duplex.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Connection;
import dev.duplex.api.Conversation;
import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.protocol.Message;
import dev.duplex.proxy.Exempt;
import dev.duplex.proxy.Proxies;
import dev.duplex.proxy.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client behind proxies of every temper. */
@Tag("slow")
class ClientProxyTest {
    private static final String OPEN = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final String ASKS = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static WebSocketServer echo() {
        return WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/echo", Endpoint.conversation(c -> {
            for (Message message : c) {
                c.send(message);
            }
        })).start();
    }

    private static void mustEcho(WebSocketClient client, URI uri) throws Exception {
        try (Conversation conversation = client.converse(uri)) {
            conversation.send("hello");
            assertThat(conversation.receive(PATIENCE).text()).isEqualTo("hello");
        }
    }

    private static ConnectFailedException failure(ClientBuilder builder, String uri) {
        try (WebSocketClient client = builder.build(); Conversation unexpected = client.converse(URI.create(uri))) {
            throw new AssertionError("connected to " + unexpected.opening());
        } catch (ConnectFailedException expected) {
            assertThat(expected.getMessage()).doesNotContain("\n").doesNotContain("Exception").doesNotContain("secret");
            return expected;
        }
    }

    private static ClientBuilder through(String proxy) {
        return WebSocketClient.builder().proxy(Proxy.parse(proxy));
    }

    private static ConnectFailedException failure(String answer) throws IOException {
        try (FakeProxy proxy = new FakeProxy(0, request -> answer)) {
            return failure(through("me:secret@" + proxy.address()), "ws://far.example/");
        }
    }

    @Test
    void theProxyIsToldTheNameAndOpensTheWay() throws Exception {
        try (WebSocketServer server = echo(); FakeProxy proxy = new FakeProxy(server.port(), request -> OPEN);
                WebSocketClient client = through("http://" + proxy.address()).build();
                Conversation conversation = client.converse(URI.create("ws://nowhere.invalid:81/echo"))) {
            conversation.send("hello");
            assertThat(conversation.receive(PATIENCE).text()).isEqualTo("hello");
            assertThat(conversation.opening().remoteAddress()).isEqualTo(InetSocketAddress.createUnresolved("nowhere.invalid", 81));
            assertThat(proxy.requests()).containsExactly("CONNECT nowhere.invalid:81 HTTP/1.1\r\nHost: nowhere.invalid:81\r\n\r\n");
        }
    }

    @Test
    void aPasswordGoesOnlyToAProxyThatAsked() throws Exception {
        try (WebSocketServer server = echo();
                FakeProxy proxy = new FakeProxy(server.port(), request -> request.contains("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n") ? OPEN : ASKS);
                WebSocketClient client = through("me:secret@" + proxy.address()).build()) {
            mustEcho(client, URI.create("ws://a.invalid/echo"));
            assertThat(proxy.requests()).hasSize(2);
            assertThat(proxy.requests().getFirst()).doesNotContain("Authorization");
            mustEcho(client, URI.create("ws://a.invalid/echo"));
            assertThat(proxy.requests()).as("it is known by now").hasSize(3);
        }
    }

    @Test
    void insideTheTunnelTlsIsWithTheTarget() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).tls(Tls.selfSigned())
                        .endpoint("/", opening -> new Listener() {
                            @Override
                            public void onMessage(Connection connection, Message message) {
                                connection.send(message);
                            }
                        }).start();
                FakeProxy proxy = new FakeProxy(server.port(), request -> OPEN);
                WebSocketClient trusting = through(proxy.address()).insecure().build()) {
            mustEcho(trusting, URI.create("wss://far.invalid/"));
            assertThat(failure(through(proxy.address()), "wss://far.invalid/").getMessage()).startsWith("TLS with far.invalid:443 failed");
        }
    }

    @Test
    void exemptHostsAreReachedDirectly() throws Exception {
        try (WebSocketServer server = echo(); FakeProxy proxy = new FakeProxy(0, request -> FakeProxy.HANG_UP);
                WebSocketClient client = WebSocketClient.builder()
                        .proxies(Proxies.of(Proxy.parse(proxy.address())).except(Exempt.parse("127.0.0.0/8"))).build()) {
            mustEcho(client, URI.create("ws://127.0.0.1:" + server.port() + "/echo"));
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 403 Forbidden   | 403 | does not let through to far.example:80: 403 Forbidden",
        "HTTP/1.1 502 Bad Gateway | 502 | cannot reach far.example:80: 502 Bad Gateway",
        "HTTP/1.1 407 Who?        | 407 | wants a login that is not spoken here (407): it names none; Basic, and Digest with MD5 or SHA-256, are",
    })
    void aRefusalHasItsStatus(String line, int status, String why) throws Exception {
        ConnectFailedException failed = failure(line.strip() + "\r\n\r\n");
        assertThat(failed.getMessage()).matches("the proxy 127\\.0\\.0\\.1:\\d+ .*").endsWith(why);
        assertThat(failed.status()).hasValue(status);
    }

    @Test
    void aWrongPasswordIsToldOnce() throws Exception {
        ConnectFailedException failed = failure(ASKS);
        assertThat(failed.getMessage()).endsWith("does not accept the user name and password (407)");
        assertThat(failed.status()).hasValue(407);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n", "\u0000\u0001\u0002", "220 ready\r\n", "HTTP/3 200 OK\r\n\r\n"})
    void garbageIsNoProxys(String answer) throws Exception {
        assertThat(failure(answer).getMessage()).endsWith("does not speak HTTP");
    }

    @Test
    void oneThatHangsUpIsToldAsSuch() throws Exception {
        assertThat(failure(FakeProxy.HANG_UP).getMessage()).endsWith("closed the connection before it let anything through");
    }

    @Test
    void aHeadWithoutEndIsNotKept() throws Exception {
        assertThat(failure("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(10_000)).getMessage()).endsWith("answered with a head without end");
    }

    /** However TCP cuts it: with the head it is the proxy's own, and later it passes for the target's answer, which is none. */
    @Test
    void aTunnelThatIsAPageIsNone() throws Exception {
        assertThat(failure("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>log in to").getMessage())
                .matches(".* sent something of its own into the tunnel|the answer of .* is not HTTP.*");
    }

    @Test
    void aTunnelToNowhereEndsWithTheDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                FakeProxy proxy = new FakeProxy(silent.getLocalPort(), request -> OPEN)) {
            assertThat(failure(through(proxy.address()).handshakeDeadline(Duration.ofMillis(3000)), "ws://far.example/").getMessage())
                    .isEqualTo("far.example:80 through the proxy " + proxy.address() + " did not answer within 3000 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5h"})
    void aProxyThatHangsEndsWithTheDeadline(String scheme) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            assertThat(failure(through(scheme + "://" + address).handshakeDeadline(Duration.ofMillis(3000)), "ws://far.example/").getMessage())
                    .isEqualTo("the proxy " + address + " did not answer within 3000 ms");
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        ServerSocket gone = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        gone.close();
        String address = "127.0.0.1:" + gone.getLocalPort();
        assertThat(failure(through("me:secret@" + address), "ws://far.example/").getMessage()).isEqualTo("the proxy " + address + " cannot be reached: Connection refused");
        assertThat(failure(through("http://nowhere.invalid"), "ws://far.example/").getMessage()).isEqualTo("the proxy's host nowhere.invalid is unknown");
    }

    @Test
    void whatChoosesProxiesMayFail() {
        ClientBuilder broken = WebSocketClient.builder().proxies(target -> Optional.of(Proxy.parse("gopher://x")));
        assertThat(failure(broken, "ws://far.example/").getMessage())
                .isEqualTo("no proxy could be chosen: no proxy speaks 'gopher'; http, socks4, socks4a, socks5 and socks5h are spoken");
    }

    @Test
    void manyAtOnceAllGetThrough() throws Exception {
        try (WebSocketServer server = echo();
                FakeProxy proxy = new FakeProxy(server.port(), request -> request.contains("\r\nProxy-Authorization: ") ? OPEN : ASKS);
                WebSocketClient client = through("me:secret@" + proxy.address()).build()) {
            List<Connection> open = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                open.add(client.open(URI.create("ws://a.invalid/echo"), new Listener() {
                    @Override
                    public void onMessage(Connection connection, Message message) {}
                }).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join());
            }
            assertThat(open).allMatch(Connection::isOpen);
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
