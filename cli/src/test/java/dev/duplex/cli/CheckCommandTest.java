package dev.duplex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.duplex.conformance.Checker;
import dev.duplex.conformance.ClientCheck;
import dev.duplex.conformance.Options;
import dev.duplex.conformance.Report;
import dev.duplex.conformance.ReportFiles;
import dev.duplex.conformance.Result;
import dev.duplex.conformance.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CheckCommandTest {
    private static final int CLIENTS_AT_A_TIME = 4;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--compress", "--tls-self-signed"})
    void ourServerPassesTheQuickSetStrictly(String option) throws Exception {
        try (Served served = Served.with("--compress", "--max-message-bytes", "16MiB", option.equals("--compress") ? "--drain=1s" : option)) {
            Ran ran = Ran.duplex("", "check", "--patience", "30s", "--insecure", served.ws("/echo"));
            assertThat(ran.out()).contains(" 0 NON-STRICT, 0 FAIL, 3 INFO");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.status()).isZero();
        }
    }

    @Test
    void ourClientPassesTheQuickSetStrictly() throws Exception {
        Options quick = Options.quick().patience(Duration.ofSeconds(30));
        try (ClientCheck check = Checker.clients(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), quick, (agent, result, done, total) -> { })) {
            String base = "ws://127.0.0.1:" + check.port();
            int count = Integer.parseInt(Ran.duplex("", "connect", "--wait", "5s", base + "/getCaseCount").out().strip());
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS_AT_A_TIME)) {
                for (int i = 1; i <= count; i++) {
                    String url = base + "/runCase?agent=duplex&case=" + i;
                    clients.submit(() -> Ran.duplex("", "connect", "--echo", "--compress", "--max-message-bytes", "16MiB", url));
                }
            }
            Ran.duplex("", "connect", base + "/updateReports?agent=duplex");
            Report report = check.awaitReport(Duration.ofMinutes(1));
            assertThat(report.results()).filteredOn(r -> r.verdict() == Verdict.FAIL || r.verdict() == Verdict.NON_STRICT)
                    .extracting(Result::id, Result::sentence).isEmpty();
            assertThat(report.failed()).isFalse();
        }
    }

    @Test
    void aFailureIsToldWithItsWireAndInEveryFile() throws Exception {
        try (Served served = Served.with("--max-message-bytes", "64KiB")) {
            Path json = directory.resolve("r.json");
            Path junit = directory.resolve("r.xml");
            Path html = directory.resolve("r.html");
            Ran ran = Ran.duplex("", "check", "--only", "9.1.2,1.1.1", "--wire", "--agent", "small", "--json", json.toString(), "--junit", junit.toString(),
                    "--html", html.toString(), served.ws("/echo"));
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).contains("FAIL       9.1.2", "Close 1009", "< CLOSE", "small: 1 PASS, 0 NON-STRICT, 1 FAIL, 0 INFO", "message limit is too small");
            assertThat(ReportFiles.readJson(json)).singleElement().extracting(Report::failed).isEqualTo(true);
            assertThat(Files.readString(junit)).contains("failures=\"1\"");
            assertThat(Files.readString(html)).contains("small", "9.1.2");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "check | name the URL of a server, or --listen PORT for clients",
        "check --listen 1 ws://127.0.0.1:1/ | not both",
        "check http://127.0.0.1:1/ | not a ws:// or wss:// address",
        "check --only 99 ws://127.0.0.1:1/ | no case matches 99",
        "check --jobs 0 ws://127.0.0.1:1/ | at least 1",
        "check --max-message-bytes 1GiB ws://127.0.0.1:1/ | at most",
    })
    void wrongUseIsOneLineAndStatus2(String line, String said) {
        Ran ran = Ran.duplex("", line.split(" "));
        assertThat(ran.err()).contains(said).hasLineCount(1);
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void nobodyAtTheAddressIsOneLineAndStatus1() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Ran ran = Ran.duplex("", "check", "ws://127.0.0.1:" + port + "/");
        assertThat(ran.err()).contains("nobody answers at ws://127.0.0.1:" + port + "/").hasLineCount(1);
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void anUntrustedCertificateIsSaidToBeThat() throws Exception {
        try (Served served = Served.with("--tls-self-signed")) {
            Ran ran = Ran.duplex("", "check", "--only", "1.1.1", served.ws("/echo"));
            assertThat(ran.err()).contains("--insecure accepts any certificate").hasLineCount(1);
            assertThat(ran.status()).isEqualTo(1);
        }
    }
}
