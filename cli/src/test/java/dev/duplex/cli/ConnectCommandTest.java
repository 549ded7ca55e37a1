package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Opening;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConnectCommandTest {

    @Test
    void eachLineIsAMessageAndEachAnswerALine() {
        assertThat(toEcho("hi\n\nGrüße\r\nlast", "--wait", "0s"))
                .isEqualTo(new Seen(0, "hi\n\nGrüße\nlast\n", "duplex: closed: 1000 normal closure, closed by this end, clean\n"));
    }

    @Test
    void answersThatTakeTheirTimeAreWaitedFor() {
        Endpoint slow = Endpoint.conversation(c -> {
            for (Message m : c) {
                c.connection().ping().toCompletableFuture().join();
                Thread.sleep(300);
                c.send(m);
            }
        });
        assertThat(to(slow, "a\nb\n").out()).isEqualTo("a\nb\n");
    }

    @Test
    void tenThousandLinesComeBackInOrder() {
        String lines = IntStream.range(0, 10_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        assertThat(toEcho(lines, "--wait", "0s").out()).isEqualTo(lines);
    }

    @Test
    void controlCharactersOfAPeerAreHarmless() {
        Endpoint evil = Endpoint.conversation(c -> {
            c.send("\u001b]0;title\u0007\u202egpj.exe");
            c.close(4001, "\u001b[2J");
        });
        Seen seen = to(evil, "");
        assertThat(seen.out()).isEqualTo("\\u001b]0;title\\u0007\\u202egpj.exe\n");
        assertThat(seen.err()).isEqualTo("duplex: closed: 4001 application code \"\\u001b[2J\", closed by the peer, clean\n");
        assertThat(seen.status()).isEqualTo(1);
    }

    @Test
    void rawWritesJustWhatCame() {
        Endpoint endpoint = Endpoint.conversation(c -> {
            c.send("\u001b[1m");
            c.send(new byte[] {0, 10, (byte) 0xFF});
        });
        assertThat(to(endpoint, "", "--raw").out()).isEqualTo("\u001b[1m\u0000\n\u00ff");
    }

    @Test
    void binaryMessagesAreShownInHex() {
        Endpoint endpoint = Endpoint.conversation(c -> {
            c.send(new byte[] {0, 10, (byte) 0xFF});
            c.send(new byte[0]);
            c.send(new byte[1025]);
        });
        assertThat(to(endpoint, "").out().lines()).containsExactly(
                "[binary, 3 bytes] 00 0a ff", "[binary, 0 bytes]", "[binary, 1025 bytes] " + "00 ".repeat(1024) + "and 1 more");
    }

    @Test
    void binarySendsAndWritesBytesAsTheyAre() {
        assertThat(toEcho("\u0000\u00ff\r\nb\n", "--binary", "--wait", "0s").out()).isEqualTo("\u0000\u00ff\r\nb\n");
    }

    @Test
    void aLineThatIsNotTextIsNamed() {
        Seen seen = toEcho("fine\n\u00ff\n");
        assertThat(seen.err()).isEqualTo("duplex: line 2 of standard input is not UTF-8; --binary sends it as it is\n");
        assertThat(seen.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "1001, 0", "1008, 1", "1011, 1", "1013, 1", "4000, 1"})
    void theStatusTellsACleanCloseFromAFailure(int code, int status) {
        Seen seen = to(Endpoint.conversation(c -> c.close(code, "")), "");
        assertThat(seen.status()).isEqualTo(status);
        assertThat(seen.err()).startsWith("duplex: closed: " + code + " ");
    }

    @Test
    void echoSendsBackEveryMessageInItsKindUntilClosed() throws Exception {
        CompletableFuture<Message> text = new CompletableFuture<>();
        CompletableFuture<Message> binary = new CompletableFuture<>();
        Endpoint asking = Endpoint.conversation(c -> {
            c.send("text");
            text.complete(c.receive());
            c.send(new byte[] {1, 2});
            binary.complete(c.receive());
        });
        Seen seen = to(asking, "not read\n", "--echo");
        assertThat(text.get()).isEqualTo(Message.text("text"));
        assertThat(binary.get()).isEqualTo(Message.binary((byte) 1, (byte) 2));
        assertThat(seen.status()).isZero();
        assertThat(seen.out()).isEmpty();
    }

    @Test
    void headersOriginAndSubprotocolsAreSent() throws ExecutionException, InterruptedException {
        CompletableFuture<Opening> opening = new CompletableFuture<>();
        Endpoint endpoint = Endpoint.conversation(c -> opening.complete(c.opening())).speaking("soup", "mqtt");
        Seen seen = to(endpoint, "", "--header", "X-A: 1", "--header", "X-B:two", "--origin", "https://a.example",
                "--subprotocol", "chat,mqtt", "--subprotocol", "soup");
        assertThat(seen.status()).as(seen.err()).isZero();
        assertThat(opening.get().headers().first("X-A")).hasValue("1");
        assertThat(opening.get().headers().first("X-B")).hasValue("two");
        assertThat(opening.get().origin()).hasValue("https://a.example");
        assertThat(opening.get().offeredSubprotocols()).containsExactly("chat", "mqtt", "soup");
        assertThat(opening.get().subprotocol()).hasValue("mqtt");
    }

    @Test
    void verboseShowsHandshakeAndFrames() throws Exception {
        String big = "x".repeat(2000);
        try (Served served = Served.with("--compress")) {
            Ran ran = Ran.duplex(big + "\n", "connect", "--verbose", "--compress", "--wait", "0s", served.ws("/echo"));
            assertThat(ran.out()).isEqualTo(big + "\n");
            assertThat(ran.err()).contains("> GET /echo HTTP/1.1\n", "< HTTP/1.1 101 Switching Protocols\n", "< Sec-WebSocket-Accept: ",
                    "> Sec-WebSocket-Extensions: permessage-deflate").containsPattern("> text \\d\\d bytes, fin, compressed, masked\n")
                    .containsPattern("< text \\d\\d bytes, fin, compressed\n").contains("> close 2 bytes, fin, masked\n", "< close 2 bytes, fin\n")
                    .contains("\nended: this end closed with 1000 (normal closure), and the peer agreed; open for ");
        }
    }

    @Test
    void http2IsSpokenWhenAsked() throws Exception {
        try (Served served = Served.with()) {
            Ran ran = Ran.duplex("hello\n", "connect", "--http2", "--verbose", "--wait", "0s", served.ws("/echo"));
            assertThat(ran.out()).isEqualTo("hello\n");
            assertThat(ran.err()).contains("> CONNECT /echo HTTP/2\n", "< HTTP/2 200\n", "\nended: this end closed with 1000 ").doesNotContain("Sec-WebSocket-Key");
        }
    }

    @Test
    void pingsShowTheirRoundTrips() {
        Endpoint endpoint = Endpoint.conversation(c -> Thread.sleep(400));
        assertThat(to(endpoint, "", "--ping", "50ms").err()).containsPattern("duplex: round trip [0-9.]+ ms\n");
    }

    @Test
    void aLostConnectionIsOpenedAgainWhenAsked() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        Endpoint failing = Endpoint.conversation(c -> {
            if (first.complete(null)) {
                c.close(1011, "");
            } else {
                c.send("back");
            }
        });
        Seen seen = to(failing, "", "--reconnect", "--wait", "5s");
        assertThat(seen.out()).isEqualTo("back\n");
        assertThat(seen.err()).contains("1011 internal error").contains("attempt 1 in ");
        assertThat(seen.status()).isZero();
    }

    @Test
    void aServerThatIsNotThereIsOneLineAndStatus1() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertFailure(Ran.duplex("", "connect", "ws://127.0.0.1:" + port + "/"), "" + port);
        assertFailure(Ran.duplex("", "connect", "ws://no.such.host.invalid/"), "no.such.host.invalid");
    }

    @Test
    void aRefusalIsOneLineAndStatus1() throws Exception {
        try (Served served = Served.with()) {
            assertFailure(Ran.duplex("", "connect", served.ws("/nowhere")), "404");
            assertFailure(Ran.duplex("", "connect", "--origin", "https://foe.example", served.ws("/echo")), "403");
        }
    }

    private static void assertFailure(Ran ran, String names) {
        assertThat(ran.err()).startsWith("duplex: ").contains(names).hasLineCount(1);
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
    }

    /** Bytes beyond ASCII as Latin-1 if they are not UTF-8. */
    private record Seen(int status, String out, String err) {}

    /** An echo on the event loop, whose answers come before the Pong that a later Ping gets: it can be used without a wait. */
    private static Seen toEcho(String in, String... options) {
        return to(opening -> new Echo(), in, options);
    }

    private static Seen to(Endpoint endpoint, String in, String... options) {
        try (WebSocketServer server = WebSocketServer.builder().host("127.0.0.1").port(0).endpoint("/", endpoint)
                .origins(dev.duplex.protocol.OriginPolicy.any()).start()) {
            String[] args = new String[options.length + 2];
            args[0] = "connect";
            System.arraycopy(options, 0, args, 1, options.length);
            args[args.length - 1] = "ws://127.0.0.1:" + server.port() + "/";
            boolean isBytes = in.chars().anyMatch(c -> c == 0xFF);
            Ran ran = isBytes ? Ran.duplex(in.getBytes(ISO_8859_1), args) : Ran.duplex(in, args);
            boolean cameBytes = ran.out().indexOf('\uFFFD') >= 0;
            return new Seen(ran.status(), cameBytes ? new String(ran.outBytes(), ISO_8859_1) : ran.out(), ran.err());
        }
    }
}
