package dev.duplex.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Endpoint;
import dev.duplex.api.Listener;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** What a load finds out about servers whose faults are known. */
@Timeout(60)
class BenchCommandTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "--connections 3",
        "--connections 3 --depth 16 --threads 2",
        "--size 0",
        "--size 126 --binary",
        "--size 64KiB --depth 3",
        "--size 200000 --binary --connections 2",
        "--deflate --size 2000",
        "--rate 200",
        "--rate 300 --threads 3 --connections 5",
        "--mode handshake --connections 2",
    })
    void anEchoHasNoFaults(String options) throws IOException {
        try (Served served = Served.with("--compress")) {
            Map<String, Object> result = counted(served.ws("/echo"), options.split(" "));
            assertThat(number(result, "lost")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--connections 3",
        "--connections 5 --depth 16 --threads 2",
        "--size 200000 --binary --connections 2 --depth 3",
        "--deflate --size 2000",
        "--rate 300 --threads 2",
        "--mode handshake --connections 2",
        "--mode handshake --connections 3 --streams 1",
    })
    void anEchoOverHttp2HasNoFaults(String options) throws IOException {
        try (Served served = Served.with("--compress")) {
            Map<String, Object> result = counted(served.ws("/echo"), ("--http2 " + options).split(" "));
            assertThat(number(result, "lost")).isZero();
            assertThat(result).containsEntry("http", "2");
        }
    }

    @Test
    void streamsShareAConnectionUntilItHasNoRoom() throws IOException {
        try (Served served = Served.with()) {
            String url = served.ws("/echo");
            assertThat(number(json(0, url, "--http2", "--connections", "100"), "transportConnections")).isEqualTo(1);
            Map<String, Object> more = json(0, url, "--http2", "--mode", "idle", "--connections", "120");
            assertThat(number(more, "transportConnections")).isEqualTo(2);
            assertThat(number(more, "count")).isEqualTo(120);
            assertThat(number(json(0, url, "--http2", "--streams", "2", "--connections", "5"), "transportConnections")).isEqualTo(3);
            assertThat(number(json(0, url, "--connections", "5"), "transportConnections")).isEqualTo(5);
        }
    }

    @Test
    void everyListenerOverHttp2HearsWhatIsSaidInARoom() throws IOException {
        try (Served served = Served.with()) {
            counted(served.ws("/room/a"), "--http2", "--mode", "broadcast", "--connections", "7");
            assertThat(bench(served.ws("/room/a"), "--http2", "--mode", "broadcast").out()).contains("over        HTTP/2, streams of 1 connection");
        }
    }

    @Test
    void overHttp2OneTunnelThroughAProxyCarriesAll() throws IOException {
        try (Served served = Served.with(); ConnectProxy proxy = new ConnectProxy()) {
            counted(served.ws("/echo"), "--http2", "--connections", "20", "--mode", "idle", "--proxy", proxy.address());
            assertThat(proxy.tunnels()).isEqualTo(1);
        }
    }

    @Test
    void withTlsHttp2IsChosenThere() throws IOException {
        try (Served served = Served.with("--tls-self-signed")) {
            counted(served.ws("/echo"), "--insecure", "--http2");
        }
    }

    @Test
    void withoutHttp2NothingIsMeasuredOverIt() throws IOException {
        assertNoHttp2("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(US_ASCII), "the server does not speak HTTP/2");
        String settings = "000000040000000000";
        assertNoHttp2(HexFormat.of().parseHex(settings),
                "the server opens no WebSockets over HTTP/2: its settings lack ENABLE_CONNECT_PROTOCOL (RFC 8441 §3)");
        assertNoHttp2(HexFormat.of().parseHex("00000c040000000000" + "000800000001" + "000300000000"), "the server allows no streams");
        assertNoHttp2(new byte[0], "the server ended the connection before its answer");
        try (Served served = Served.with()) {
            assertFailed(bench(served.ws("/none"), "--http2"), "no connection could be opened: the server answered 404 instead of 200");
            Ran alone = bench(served.ws("/echo"), "--streams", "3");
            assertThat(alone.err()).isEqualTo("duplex: --streams goes with --http2\n");
            assertThat(alone.status()).isEqualTo(2);
        }
    }

    /** A server that answers the preface with these bytes, and then ends. */
    private static void assertNoHttp2(byte[] answer, String why) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket peer = server.accept()) {
                    peer.getInputStream().readNBytes(24);
                    peer.getOutputStream().write(answer);
                    peer.shutdownOutput();
                    peer.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertFailed(bench("ws://127.0.0.1:" + server.getLocalPort() + "/", "--http2"), "no connection could be opened: " + why);
        }
    }

    @Test
    void withARateAsManyMessagesAreSentAsItSays() throws IOException {
        try (Served served = Served.with()) {
            Map<String, Object> result = json(0, served.ws("/echo"), "--rate", "1000");
            assertThat(number(result, "sent")).isBetween(199.0, 201.0);
            assertThat(number(result, "unanswered")).isZero();
            assertThat(latencies(result)).isEqualTo(number(result, "sent"));
        }
    }

    @Test
    void withTlsEveryCertificateWillDoIfSaidSo() throws IOException {
        try (Served served = Served.with("--tls-self-signed")) {
            counted(served.ws("/echo"), "--insecure");
            Ran strict = bench(served.ws("/echo"));
            assertThat(strict.status()).isEqualTo(1);
            assertThat(strict.err()).startsWith("duplex: no connection could be opened: TLS: ").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--depth 2", "--rate 50", "--threads 3"})
    void everyListenerHearsWhatIsSaidInARoom(String options) throws IOException {
        try (Served served = Served.with()) {
            counted(served.ws("/room/a"), ("--mode broadcast --connections 7 " + options).split(" "));
        }
    }

    @Test
    void idleConnectionsAreCounted() throws IOException {
        try (Served served = Served.with()) {
            assertThat(number(json(0, served.ws("/echo"), "--mode", "idle", "--connections", "120"), "count")).isEqualTo(120);
        }
    }

    @Test
    void theResultForPeopleTellsSpeedLatencyAndBounds() throws IOException {
        try (Served served = Served.with()) {
            Ran ran = passing(served.ws("/echo"), "--p99", "<1h", "--throughput", ">0");
            assertThat(ran.out()).contains(" messages, ", "p50 ", "p99.9 ", "holds: p99 < 1h, measured ", "holds: throughput > 0, measured ");
            assertThat(ran.err()).isEmpty();
        }
    }

    @Test
    void aBoundThatDoesNotHoldSetsTheStatus() throws IOException {
        try (Served served = Served.with()) {
            Ran ran = bench(served.ws("/echo"), "--p99", "<1h", "--p50", ">1h");
            assertThat(ran.out()).contains("holds: p99 < 1h", "FAILS: p50 > 1h");
            assertThat(ran.status()).isEqualTo(1);
        }
    }

    @Test
    void theJsonGoesToAFileToo(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("result.json");
        try (Served served = Served.with()) {
            passing(served.ws("/echo"), "--json", file.toString());
        }
        assertThat(JSON.std.mapFrom(Files.readString(file))).containsKeys("url", "perSecond", "latencyMillis");
    }

    @Test
    void aServerThatAnswersSomethingElseIsFound() {
        assertThat(faults(Endpoint.conversation(c -> {
            for (Message m : c) {
                c.send("something else");
            }
        }))).contains("an answer was not what was sent, but text of 14 bytes");
    }

    @Test
    void aServerThatClosesIsFound() {
        assertThat(faults(Endpoint.conversation(c -> {
            c.receive();
            c.close(4000, "enough");
        })).getFirst()).startsWith("the connection was closed: ").contains("4000");
    }

    @Test
    void aServerThatAnswersTwiceIsFound() {
        assertThat(faults(Endpoint.conversation(c -> {
            for (Message m : c) {
                c.send(m);
                c.send(m);
            }
        }), "--rate", "20")).contains("an answer came that nobody waited for");
    }

    @Test
    void compressionThatTheServerDoesNotWantIsSaid() throws IOException {
        try (Served served = Served.with()) {
            assertFailed(bench(served.ws("/echo"), "--deflate"), "no connection could be opened: the server does not agree to compression without context takeover");
        }
    }

    @Test
    void anAddressWithoutWebSocketsIsSaid() throws IOException {
        try (Served served = Served.with()) {
            assertFailed(bench(served.ws("/none")), "no connection could be opened: the server answered 404 instead of 101");
        }
    }

    @Test
    void aLoadInWhichNothingWasCountedHasFailed() {
        try (WebSocketServer server = WebSocketServer.builder().port(0).endpoint("/", opening -> new Listener() {}).start()) {
            String url = "ws://127.0.0.1:" + server.port() + "/";
            List<String> args = List.of("bench", "--warm-up", "0s", "--duration", "100ms", "--connections", "1", url);
            Ran ran = Ran.duplex("", args.toArray(String[]::new));
            assertThat(ran.out()).contains("nothing was counted");
            assertThat(ran.status()).isEqualTo(1);
        }
    }

    @Test
    void theWayToTheServerIsTold() throws IOException {
        try (Served served = Served.with(); ConnectProxy proxy = new ConnectProxy()) {
            assertThat(counted(served.ws("/echo"), "--proxy", proxy.address())).containsEntry("proxy", proxy.address().substring("http://".length()));
            assertThat(bench(served.ws("/echo"), "--proxy", proxy.address()).out()).startsWith(served.ws("/echo") + " through the proxy 127.0.0.1:");
        }
    }

    /** A proxy that first asks for a login ends the connection, and TLS that fails comes to nothing. */
    @Test
    void connectionsCountWhenTheyReachTheServer() throws IOException {
        try (Served served = Served.with(); ConnectProxy proxy = ConnectProxy.withLogin()) {
            Map<String, Object> result = counted(served.ws("/echo"), "--connections", "3", "--proxy", proxy.address().replace("//", "//me:secret@"));
            assertThat(number(result, "transportConnections")).isEqualTo(3);
        }
        try (Served served = Served.with("--tls-self-signed")) {
            assertThat(number(json(1, served.ws("/echo"), "--mode", "handshake"), "transportConnections")).isZero();
        }
    }

    private static List<String> faults(Endpoint endpoint, String... options) {
        try (WebSocketServer server = WebSocketServer.builder().port(0).endpoint("/", endpoint).start()) {
            Map<String, Object> result = json(1, "ws://127.0.0.1:" + server.port() + "/", options);
            return ((List<?>) result.get("faults")).stream().map(Object::toString).toList();
        }
    }

    /** A result in which something was counted. */
    private static Map<String, Object> counted(String url, String... options) {
        Map<String, Object> result = json(0, url, options);
        assertThat(number(result, "count")).isPositive();
        return result;
    }

    private static Map<String, Object> json(int status, String url, String... options) {
        List<String> args = new ArrayList<>(List.of(options));
        args.addAll(List.of("--json", "-"));
        Ran ran = status == 0 ? passing(url, args.toArray(String[]::new)) : bench(url, args.toArray(String[]::new));
        assertThat(ran.status()).as("%s %s", ran.out(), ran.err()).isEqualTo(status);
        return JSON.std.mapFrom(ran.out());
    }

    private static Ran bench(String url, String... options) {
        return benchOver("200ms", url, List.of(options));
    }

    /** On a busy machine it may take more than the usual moment until there is something to count. */
    private static Ran passing(String url, String... options) {
        Ran ran = bench(url, options);
        Ran whole = ran.status() == 0 ? ran : benchOver("15s", url, List.of(options));
        assertThat(whole.status()).as("%s %s", whole.out(), whole.err()).isZero();
        return whole;
    }

    private static Ran benchOver(String duration, String url, List<String> options) {
        List<String> args = new ArrayList<>(List.of("bench", "--warm-up", "50ms", "--duration", duration));
        args.addAll(options);
        args.add(url);
        return Ran.duplex("", args.toArray(String[]::new));
    }

    private static void assertFailed(Ran ran, String line) {
        assertThat(ran.err()).isEqualTo("duplex: " + line + System.lineSeparator());
        assertThat(ran.out()).isEmpty();
        assertThat(ran.status()).isEqualTo(1);
    }

    private static double number(Map<String, Object> result, String name) {
        return new BigDecimal(result.get(name).toString()).doubleValue();
    }

    private static double latencies(Map<String, Object> result) {
        return new BigDecimal(((Map<?, ?>) result.get("latencyMillis")).get("count").toString()).doubleValue();
    }
}
