package dev.duplex.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge is judged: a right peer gets nothing but PASS, and each planted fault is found by the case that names it. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class CheckerTest {
    private static final Progress SILENT = (agent, result, done, total) -> { };
    private static final Options SMALL = Options.quick().maxMessageBytes(65536).messages(2).patience(Duration.ofSeconds(30));

    static Stream<Fault> serverFaults() {
        return Arrays.stream(Fault.values()).filter(f -> f != Fault.NONE && !f.clientsOnly());
    }

    static Stream<Fault> clientFaults() {
        return Arrays.stream(Fault.values()).filter(Fault::ofClients);
    }

    @Test
    void aRightServerPassesEveryCase() throws Exception {
        try (FaultyServer server = new FaultyServer(Fault.NONE)) {
            Report report = Checker.server(server.uri(), "right", SMALL, SILENT);
            assertNothingIsWrong(report);
        }
    }

    @Test
    void aRightClientPassesEveryCase() throws Exception {
        assertNothingIsWrong(checkClient(Fault.NONE, SMALL));
    }

    private static void assertNothingIsWrong(Report report) {
        assertThat(report.results()).filteredOn(r -> r.verdict() == Verdict.FAIL || r.verdict() == Verdict.NON_STRICT)
                .extracting(r -> r.id() + " " + r.sentence() + "\n" + String.join("\n", r.wire())).isEmpty();
        assertThat(report.results()).filteredOn(r -> r.verdict() == Verdict.INFO).extracting(Result::id).containsExactly("7.1.6", "7.13.1", "7.13.2");
        assertThat(report.failed()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("serverFaults")
    void theFaultOfAServerIsFound(Fault fault) throws Exception {
        try (FaultyServer server = new FaultyServer(fault)) {
            assertFound(fault, Checker.server(server.uri(), "faulty", caseOf(fault), SILENT));
        }
    }

    @ParameterizedTest
    @MethodSource("clientFaults")
    void theFaultOfAClientIsFound(Fault fault) throws Exception {
        assertFound(fault, checkClient(fault, caseOf(fault)));
    }

    /** Who answers, though not strictly, may take its time; to wait long for what never comes finds no more. */
    private static Options caseOf(Fault fault) {
        return SMALL.only(List.of(fault.caseId())).patience(fault.verdict() == Verdict.FAIL ? Duration.ofMillis(700) : Duration.ofSeconds(10));
    }

    private static void assertFound(Fault fault, Report report) {
        Result result = report.results().getLast();
        assertThat(result.verdict()).as(result.toString()).isEqualTo(fault.verdict());
        assertThat(result.sentence()).hasSizeGreaterThan(20).endsWith(".");
        assertThat(result.wire()).isNotEmpty();
    }

    private static Report checkClient(Fault fault, Options options) throws IOException, InterruptedException {
        try (ClientCheck check = Checker.clients(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options, SILENT)) {
            Thread client = Thread.ofVirtual().start(() -> {
                try {
                    new FaultyClient(check.port(), fault).run();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Report report = check.awaitReport(Duration.ofSeconds(60));
            client.join();
            return report;
        }
    }

    @Test
    void aServerThatDiesIsToldWithTheCaseThatKilledIt() throws Exception {
        try (FaultyServer server = new FaultyServer(Fault.NONE, "83", s -> s)) {
            Report report = Checker.server(server.uri(), "mortal", SMALL.only(List.of("4.1.*", "5.3", "5.4")).jobs(1), SILENT);
            assertThat(report.death()).isEqualTo("The server died in case 4.1.1: since then it answers no opening handshake.");
            assertThat(report.failed()).isTrue();
            assertThat(report.results()).hasSize(7).allMatch(r -> r.verdict() == Verdict.FAIL);
            assertThat(report.results().getLast().sentence()).contains("Not played: The server died in case 4.1.1");
        }
    }

    @Test
    void amongParallelCasesTheOneThatWroteLastIsSuspectedFirst() throws Exception {
        try (FaultyServer server = new FaultyServer(Fault.NONE, "83", s -> s)) {
            Report report = Checker.server(server.uri(), "mortal", SMALL.only(List.of("4.*", "5.*")).jobs(4), SILENT);
            assertThat(report.death()).contains("4.1.1");
        }
    }

    @Test
    void aClientThatFallsSilentIsToldWithItsLastCaseOnceThatIsOver() throws Exception {
        Options impatient = SMALL.only(List.of("1.1.*")).patience(Duration.ofMillis(800));
        try (ClientCheck check = Checker.clients(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), impatient, SILENT);
                java.net.Socket client = new java.net.Socket(InetAddress.getLoopbackAddress(), check.port())) {
            client.getOutputStream().write(("GET /runCase?case=3&agent=mute HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes());
            Report report = check.awaitReport(Duration.ofMillis(100));
            assertThat(report.death()).isEqualTo("The client fell silent: the last case that it asked for was 1.1.3.");
            assertThat(report.failed()).isTrue();
            assertThat(report.results()).filteredOn(r -> r.sentence().contains("never asked")).extracting(Result::id).doesNotContain("1.1.3").contains("1.1.2");
        }
    }

    @Test
    void nobodyAtTheAddressIsAnException() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> Checker.server(URI.create("ws://127.0.0.1:" + port), "nobody", SMALL, SILENT)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Checker.server(URI.create("http://127.0.0.1:" + port), "nobody", SMALL, SILENT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checker.server(URI.create("ws://127.0.0.1:" + port), "nobody", SMALL.only(List.of("99")), SILENT))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("99");
    }
}
