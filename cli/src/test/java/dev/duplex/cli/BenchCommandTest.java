package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.api.Endpoint;
import dev.duplex.netty.WebSocketServer;
import dev.duplex.protocol.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            Map<String, Object> result = json(0, served.ws("/echo"), options.split(" "));
            assertThat(number(result, "count")).isPositive();
            assertThat(number(result, "lost")).isZero();
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
            assertThat(number(json(0, served.ws("/echo"), "--insecure"), "count")).isPositive();
            Ran strict = bench(served.ws("/echo"));
            assertThat(strict.status()).isEqualTo(1);
            assertThat(strict.err()).startsWith("duplex: no connection could be opened: TLS: ").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--depth 2", "--rate 50", "--threads 3"})
    void everyListenerHearsWhatIsSaidInARoom(String options) throws IOException {
        try (Served served = Served.with()) {
            Map<String, Object> result = json(0, served.ws("/room/a"), ("--mode broadcast --connections 7 " + options).split(" "));
            assertThat(number(result, "count")).isGreaterThanOrEqualTo(7);
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
            Ran ran = bench(served.ws("/echo"), "--p99", "<1h", "--throughput", ">0");
            assertThat(ran.out()).contains(" messages, ", "p50 ", "p99.9 ", "holds: p99 < 1h, measured ", "holds: throughput > 0, measured ");
            assertThat(ran.status()).isZero();
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
            assertThat(bench(served.ws("/echo"), "--json", file.toString()).status()).isZero();
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

    private static List<String> faults(Endpoint endpoint, String... options) {
        try (WebSocketServer server = WebSocketServer.builder().port(0).endpoint("/", endpoint).start()) {
            Map<String, Object> result = json(1, "ws://127.0.0.1:" + server.port() + "/", options);
            return ((List<?>) result.get("faults")).stream().map(Object::toString).toList();
        }
    }

    private static Map<String, Object> json(int status, String url, String... options) {
        List<String> args = new ArrayList<>(List.of(options));
        args.addAll(List.of("--json", "-"));
        Ran ran = bench(url, args.toArray(String[]::new));
        assertThat(ran.status()).as("%s %s", ran.out(), ran.err()).isEqualTo(status);
        return JSON.std.mapFrom(ran.out());
    }

    private static Ran bench(String url, String... options) {
        List<String> args = new ArrayList<>(List.of("bench", "--warm-up", "50ms", "--duration", "200ms"));
        args.addAll(List.of(options));
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
