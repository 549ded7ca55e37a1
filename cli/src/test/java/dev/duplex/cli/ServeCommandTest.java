package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.duplex.api.Carrier;
import dev.duplex.api.ClosedException;
import dev.duplex.api.Conversation;
import dev.duplex.fallback.LadderClient;
import dev.duplex.netty.ConnectFailedException;
import dev.duplex.netty.WebSocketClient;
import dev.duplex.protocol.CloseReason;
import dev.duplex.protocol.Message;
import dev.duplex.web.PageFile;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServeCommandTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void theEchoSendsBackEachMessageAsItCame() throws Exception {
        try (Served served = Served.with(); Conversation echo = served.connect("/echo")) {
            echo.send("hello");
            echo.send(new byte[] {0, (byte) 0xFF});
            echo.send("");
            assertThat(echo.receive(SOON)).isEqualTo(Message.text("hello"));
            assertThat(echo.receive(SOON)).isEqualTo(Message.binary((byte) 0, (byte) 0xFF));
            assertThat(echo.receive(SOON)).isEqualTo(Message.text(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"best", "epoll", "nio"})
    @EnabledOnOs(OS.LINUX)
    void everyTransportCarriesTheEcho(String transport) throws Exception {
        try (Served served = Served.with("--transport", transport); Conversation echo = served.connect("/echo")) {
            echo.send("hello");
            assertThat(echo.receive(SOON)).isEqualTo(Message.text("hello"));
        }
    }

    /** Some kernels have none, or forbid it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void ioUringCarriesTheEchoOrIsRefusedInOneLine() throws Exception {
        Served begun;
        try {
            begun = Served.with("--transport", "io_uring");
        } catch (IOException refused) {
            assertThat(refused.getMessage()).startsWith("duplex: io_uring is not to be had here: ").hasLineCount(1);
            return;
        }
        try (Served served = begun; Conversation echo = served.connect("/echo")) {
            echo.send("hello");
            assertThat(echo.receive(SOON)).isEqualTo(Message.text("hello"));
        }
    }

    @Test
    void whatOneSaysInARoomAllOthersHearAndNobodyElse() throws Exception {
        try (Served served = Served.with();
                Conversation ada = served.connect("/room/tea");
                Conversation bob = served.connect("/room/tea");
                Conversation cyd = served.connect("/room/tea");
                Conversation eve = served.connect("/room/elsewhere")) {
            ada.send("milk?");
            assertThat(bob.receive(SOON)).isEqualTo(Message.text("milk?"));
            assertThat(cyd.receive(SOON)).isEqualTo(Message.text("milk?"));
            bob.send("yes");
            assertThat(ada.receive(SOON)).as("her own words do not come back").isEqualTo(Message.text("yes"));
            eve.connection().ping().toCompletableFuture().join();
            assertThatThrownBy(() -> eve.receive(Duration.ZERO)).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void theTimeComesWithoutBeingAskedFor() throws Exception {
        try (Served served = Served.with(); Conversation time = served.connect("/time")) {
            Instant first = Instant.parse(time.receive(SOON).text());
            Instant second = Instant.parse(time.receive(SOON).text());
            assertThat(second).isAfter(first);
        }
    }

    @Test
    void theEchoIsThereForThoseWhomNoWebSocketReaches() throws Exception {
        try (Served served = Served.with(); LadderClient client = LadderClient.over(WebSocketClient.builder().build()).rungs(Carrier.LONG_POLLING);
                Conversation echo = client.converse(URI.create(served.ws("/echo")))) {
            echo.send("hello");
            assertThat(echo.receive(SOON)).isEqualTo(Message.text("hello"));
            assertThat(served.get("/engine.io/?EIO=4&transport=polling").body()).startsWith("0{\"sid\":\"").contains("\"upgrades\":[\"websocket\"]");
        }
    }

    @Test
    void healthIsPlainHttp() throws Exception {
        try (Served served = Served.with()) {
            assertThat(served.get("/health").statusCode()).isEqualTo(200);
            assertThat(served.get("/nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void thePageAndItsPartsComeWithAStrictPolicy() throws Exception {
        try (Served served = Served.with()) {
            var page = served.get("/");
            assertThat(page.body()).contains("<title>Duplex</title>");
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
            assertThat(page.headers().firstValue("Content-Security-Policy")).hasValue(PageFile.CONTENT_SECURITY_POLICY);
            assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(served.get("/lab").body()).contains("<title>Duplex lab</title>");
            assertThat(served.get("/lab/webrtc").body()).contains("<title>Duplex: TCP or UDP</title>");
            for (PageFile file : PageFile.values()) {
                var part = served.get("/duplex/" + file.fileName());
                assertThat(part.statusCode()).as(file.fileName()).isEqualTo(200);
                assertThat(part.headers().firstValue("Content-Type")).hasValue(file.mediaType());
            }
        }
    }

    @Test
    void aCallHasItsPageAndItsSignalling(@TempDir Path directory) throws Exception {
        String secret = Files.writeString(directory.resolve("secret"), "north").toString();
        try (Served served = Served.with("--stun", "stun:192.0.2.1:3478", "--turn", "turn:192.0.2.1:3478", "--turn-secret-file", secret);
                Conversation ada = served.connect("/signal/tea")) {
            var page = served.get("/call/tea");
            assertThat(page.body()).contains("<title>Duplex call</title>");
            assertThat(page.headers().firstValue("Content-Security-Policy")).hasValue(PageFile.CONTENT_SECURITY_POLICY);
            assertThat(served.get("/call").headers().firstValue("Location")).hasValue("/call/lobby");
            ada.send("{\"type\":\"join\",\"name\":\"Ada\"}");
            assertThat(ada.receive(SOON).text())
                    .contains("\"joined\"", "\"stun:192.0.2.1:3478\"", "\"turn:192.0.2.1:3478\"", "\"credential\"").doesNotContain("north");
        }
    }

    @Test
    void noIceServerIsNamedUnlessItIsConfigured() throws Exception {
        try (Served served = Served.with(); Conversation ada = served.connect("/signal/tea")) {
            ada.send("{\"type\":\"join\",\"name\":\"Ada\"}");
            assertThat(ada.receive(SOON).text()).contains("\"iceServers\":[]");
        }
    }

    @Test
    void iceServersThatAreNoneAndSecretsThatAreMissingAreOneLineAndStatus2(@TempDir Path directory) throws IOException {
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--stun", "http://x"), "stun:host");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--turn", "turn:x"), "--turn-secret-file");
        String missing = directory.resolve("missing").toString();
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--turn", "turn:x", "--turn-secret-file", missing), "missing");
        String empty = Files.writeString(directory.resolve("empty"), "\n").toString();
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--turn", "turn:x", "--turn-secret-file", empty), "TURN secret");
    }

    @Test
    void filesOfADirectoryTakeThePlaceOfThePage(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("index.html"), "<p>mine");
        Files.writeString(directory.resolve("note.txt"), "a note");
        try (Served served = Served.with("--static", directory.toString())) {
            assertThat(served.get("/").body()).isEqualTo("<p>mine");
            assertThat(served.get("/note.txt").body()).isEqualTo("a note");
            assertThat(served.get("/duplex").body()).contains("<title>Duplex</title>");
            assertThat(served.get("/duplex/page.js").statusCode()).isEqualTo(200);
            assertThat(served.get("/%2e%2e/etc/passwd").statusCode()).isBetween(400, 404);
        }
    }

    @Test
    void aDirectoryWithoutAnIndexLeavesThePageWhereItIs(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("note.txt"), "a note");
        try (Served served = Served.with("--static", directory.toString())) {
            assertThat(served.get("/").body()).contains("<title>Duplex</title>");
            assertThat(served.get("/note.txt").body()).isEqualTo("a note");
        }
    }

    @Test
    void aMessageAboveTheLimitClosesWith1009() throws Exception {
        try (Served served = Served.with("--max-message-bytes", "4KiB"); Conversation echo = served.connect("/echo")) {
            echo.send(new byte[4096]);
            assertThat(echo.receive(SOON).byteLength()).isEqualTo(4096);
            echo.send(new byte[4097]);
            assertThatThrownBy(() -> echo.receive(SOON)).isInstanceOf(ClosedException.class);
            assertThat(echo.closeReason().code()).isEqualTo(CloseReason.MESSAGE_TOO_BIG);
        }
    }

    @Test
    void anAddressHasAsManyConnectionsAsIsSaid() throws Exception {
        try (Served served = Served.with("--connections-per-address", "2");
                Conversation one = served.connect("/echo"); Conversation two = served.connect("/echo")) {
            assertThatThrownBy(() -> served.connect("/echo")).isInstanceOf(ConnectFailedException.class).hasMessageContaining("429");
            for (Conversation open : List.of(one, two)) {
                open.send("still here");
                assertThat(open.receive(Duration.ofSeconds(10)).text()).isEqualTo("still here");
            }
        }
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--connections-per-address", "0"), "--connections-per-address");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--connections-per-address", "many"), "--connections-per-address");
    }

    @Test
    void aMessageOfTheLargestSizeFitsThroughARoom() throws Exception {
        var client = WebSocketClient.builder().limits(dev.duplex.protocol.Limits.defaults().withMaxMessageBytes(16 << 20)).build();
        try (Served served = Served.with("--max-message-bytes", "16MiB", "--compress");
                Conversation speaker = served.connect("/room/a");
                Conversation hearer = client.converse(URI.create(served.ws("/room/a")))) {
            hearer.connection().ping().toCompletableFuture().join();
            speaker.send(new byte[16 << 20]);
            assertThat(hearer.receive(SOON).byteLength()).isEqualTo(16 << 20);
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedUnlessAllowed() throws Exception {
        try (Served served = Served.with("--allow-origin", "https://friend.example", "--allow-origin", "https://other.example")) {
            WebSocketClient friend = WebSocketClient.builder().origin("https://other.example").build();
            friend.converse(URI.create(served.ws("/echo"))).close();
            WebSocketClient foe = WebSocketClient.builder().origin("https://foe.example").build();
            assertThatThrownBy(() -> foe.converse(URI.create(served.ws("/echo"))))
                    .isInstanceOfSatisfying(ConnectFailedException.class, refused -> assertThat(refused.status()).hasValue(403));
        }
        try (Served served = Served.with("--allow-origin", "*")) {
            WebSocketClient.builder().origin("https://foe.example").build().converse(URI.create(served.ws("/echo"))).close();
        }
    }

    @Test
    void aSelfSignedCertificateServesTls() throws Exception {
        try (Served served = Served.with("--tls-self-signed")) {
            assertThat(served.address()).hasScheme("https");
            Ran ran = Ran.duplex("hi\n", "connect", "--insecure", "--wait", "0s", served.ws("/echo"));
            assertThat(ran.out()).isEqualTo("hi\n");
            Ran doubtful = Ran.duplex("hi\n", "connect", served.ws("/echo"));
            assertThat(doubtful.err()).startsWith("duplex: ").hasLineCount(1);
            assertThat(doubtful.status()).isEqualTo(1);
        }
    }

    @Test
    void aPortInUseAnUnreadableFileAndAnUnknownHostAreOneLineAndStatus2(@TempDir Path directory) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertWrongUse(Ran.duplex("", "serve", "--port", "" + taken.getLocalPort()), "" + taken.getLocalPort());
        }
        String missing = directory.resolve("missing.pem").toString();
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--tls-cert", missing, "--tls-key", missing), "missing.pem");
        String nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense").toString();
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--tls-cert", nonsense, "--tls-key", nonsense), "nonsense.pem");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--host", "no.such.host.invalid"), "no.such.host.invalid");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--allow-origin", "nonsense"), "nonsense");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--trust-proxy", "nonsense/8"), "--trust-proxy: not a network");
        assertWrongUse(Ran.duplex("", "serve", "--port", "0", "--proxy-protocol"), "--trust-proxy");
    }

    @Test
    void whenItEndsEveryConnectionIsClosedWith1001() throws Exception {
        try (Served served = Served.with()) {
            Conversation echo = served.connect("/echo");
            assertThat(served.stop()).isZero();
            CloseReason reason = echo.connection().closed().toCompletableFuture().join();
            assertThat(reason.code()).isEqualTo(CloseReason.GOING_AWAY);
            assertThat(reason.isClean()).isTrue();
            assertThat(served.err()).isEqualTo("duplex: closing 1 connection\n");
        }
    }

    @Test
    void verboseShowsWhatPasses() throws Exception {
        try (Served served = Served.with("--verbose")) {
            Ran.duplex("hi\n", "connect", "--header", "Cookie: id=secret", "--wait", "0s", served.ws("/echo"));
            served.stop();
            assertThat(served.err()).contains(
                    "#1 < GET /echo HTTP/1.1\n", "#1 > HTTP/1.1 101 Switching Protocols\n", "#1 < Cookie: (not shown)\n",
                    "#1 < text 2 bytes, fin, masked\n", "#1 > text 2 bytes, fin\n", "#1 closed: 1000",
                    "#1 ended: the peer closed with 1000 (normal closure); open for ").doesNotContain("secret");
        }
    }

    @Test
    void aTrustedProxyTellsWhoTheClientIs() throws Exception {
        try (Served served = Served.with("--verbose", "--trust-proxy", "10.0.0.0/8,127.0.0.1")) {
            Ran told = Ran.duplex("hi\n", "connect", "--wait", "0s", "--header", "X-Forwarded-For: 192.0.2.60", "--header", "X-Forwarded-Proto: https",
                    "--origin", "https://127.0.0.1:" + served.address().getPort(), served.ws("/echo"));
            assertThat(told.status()).as(told.err()).isZero();
            served.stop();
            assertThat(served.err()).startsWith("#1 from 192.0.2.60 over TLS\n");
        }
    }

    @Test
    void aProxyHeaderIsExpectedFromTrustedProxiesAlone() throws Exception {
        try (Served served = Served.with("--verbose", "--trust-proxy", "127.0.0.1", "--proxy-protocol");
                Socket proxy = new Socket("127.0.0.1", served.address().getPort())) {
            proxy.getOutputStream().write("PROXY TCP6 2001:db8::1 ::1 4711 443\r\nGET /health HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(proxy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
            assertThat(Ran.duplex("", "connect", served.ws("/echo")).status()).as("without a PROXY header").isEqualTo(1);
        }
    }

    private static void assertWrongUse(Ran ran, String names) {
        assertThat(ran.err()).startsWith("duplex: ").contains(names).hasLineCount(1);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }
}
